import type { Connection } from '../adapters/adapter.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import {
  type FoundMacro,
  findBare,
  findIn,
  type MacroLibrary,
  macroNames,
} from '../jinja/contexts/macro-library.ts';
import type { AskDatabase } from '../jinja/contexts/replay.ts';
import { parseYaml } from '../jinja/contexts/yaml-load.ts';
import type { TemplateSource } from '../jinja/template.ts';
import type { Value } from '../jinja/value.ts';
import { askOperation } from '../nodes/ask-connection.ts';
import { baseNode } from '../nodes/base-node.ts';
import { renderOperation } from '../nodes/compile.ts';
import { compileScope } from './compile-scope.ts';
import { type ApiOptions, type LoadedProject, loadProject, openWarehouse } from './load-project.ts';
import { unpackSources } from './unpack-sources.ts';

export interface OperationOptions extends ApiOptions {
  /** `macro` or `package.macro`. */
  readonly macro?: string | undefined;
  /** Its keyword arguments: YAML of a mapping. */
  readonly args?: string | undefined;
  /** A statement with Jinja to run instead of a macro. */
  readonly sql?: string | undefined;
  /** Called when everything is found and the work begins: what fails from here on is the operation's fault. */
  readonly onStart?: (() => void) | undefined;
}

/**
 * Runs a macro, or a statement, outside of any node. What it writes is committed when it ends well, and else rolled
 * back. @throws ConfigError when there is nothing to run, VeloError, VeloErrors
 */
export async function runOperation(options: OperationOptions): Promise<void> {
  const kwargs = argumentsOf(options.args);
  const { macro, sql } = options;
  if ((macro === undefined) === (sql === undefined)) {
    throw new ConfigError('usage', 'run-operation takes the name of a macro, or --sql');
  }
  const project = await loadProject(options);
  const library = await project.macros();
  const source = sql === undefined ? callOf(macro ?? '', library) : inline(sql);
  await unpackSources(project);
  await using warehouse = await openWarehouse(project);
  await warehouse.use(async (connection) => {
    options.onStart?.();
    await runIn(connection, source, kwargs, project, sql !== undefined);
  });
}

async function runIn(
  connection: Connection,
  source: TemplateSource,
  kwargs: Value,
  project: LoadedProject,
  isStatement: boolean,
): Promise<void> {
  const session = askOperation(connection);
  try {
    const scope = await compileScope(project, { ask: session.ask, selected: new Set() });
    const options = { source, extraNames: { velo_arguments: kwargs }, ask: session.ask };
    const text = await renderOperation(operationOf(project, source), options, scope);
    if (isStatement) await runStatement(text, session.ask, project);
    await session.commit();
  } catch (error) {
    await session.rollback();
    throw error;
  }
}

/** Told of as dbt tells of it: as of a node of its own. */
async function runStatement(
  sql: string,
  ask: AskDatabase,
  { emit, now }: LoadedProject,
): Promise<void> {
  const say = (text: string, status: string) => {
    emit({
      type: 'message',
      message: `${`1 of 1 ${text} inline_query `.padEnd(80, '.')} [${status}]`,
    });
  };
  const startedAt = now();
  say('START executing', 'RUN');
  const span = { file: '--sql', line: 1, column: 1 };
  await ask({ kind: 'query', sql, fetch: false, span });
  say('OK executed', `OK in ${((now() - startedAt) / 1000).toFixed(2)}s`);
}

const inline = (text: string): TemplateSource => ({ file: '--sql', text });

/** The call of a macro as a template that stands where the macro does. */
function callOf(name: string, library: MacroLibrary): TemplateSource {
  const found = findOperation(name, library);
  if (found) return { ...found.macro.span, text: `{% do ${name}(**velo_arguments) %}` };
  const known = [...macroNames(library, library.rootPackage)];
  throw new ConfigError('unknown-macro', `there is no macro '${name}' in any package`, {
    hint:
      didYouMean(name, known) ??
      'check its spelling, and whether its package is installed: velo deps',
  });
}

function findOperation(name: string, library: MacroLibrary): FoundMacro | undefined {
  const [packageName = '', macro] = name.split('.');
  return macro === undefined
    ? findBare(library, library.rootPackage, name)
    : findIn(library, packageName, macro);
}

/** @throws ConfigError 'usage' for what is not a mapping */
function argumentsOf(text: string | undefined): Value {
  if (text === undefined) return new Map();
  const value = readArguments(text);
  if (value instanceof Map) return value;
  throw new ConfigError('usage', `--args '${text}' is not a YAML mapping`, {
    hint: "write it as --args '{name: value}'",
  });
}

function readArguments(text: string): Value {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new ConfigError('usage', `--args '${text}' is not YAML`, { cause: error });
  }
}

/** Who asks: it stands in the root project, and has no settings. */
const operationOf = (
  { graph }: LoadedProject,
  { file, line = 1, column = 1 }: TemplateSource,
): Node =>
  baseNode({
    kind: 'operation',
    name: 'run-operation',
    path: file,
    span: { file, line, column },
    fqn: [graph.projectName, 'run-operation'],
    context: { packageName: graph.projectName },
    described: { description: '', docBlocks: [] },
    config: {},
    unrendered: {},
    references: [],
  });
