import { checks } from '../checks/index.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, VeloErrors } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node, Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { findMacro } from '../jinja/contexts/macro-library.ts';
import { codeFingerprint, isVolatile } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import type { ParseContext } from './node-kind.ts';
import { distinct, parseTemplateNode } from './parse-template-node.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { genericTestName } from './test-name.ts';
import { testNode } from './test-node.ts';

/** A test as YAML lists it under a node or a column. */
export interface TestEntry {
  readonly testName: string;
  readonly name: string | undefined;
  readonly description: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly column: string | undefined;
  readonly config: ConfigLayer;
  readonly span: Span;
}

/** What a generic test keeps for running. */
export interface GenericTestDetail {
  readonly test: 'generic';
  readonly checkName: string;
  /** True: a check of velo's registry; false: a `{% test %}` of the project. */
  readonly builtIn: boolean;
  readonly args: Readonly<Record<string, unknown>>;
  /** Arguments that are templates, by name, as text. */
  readonly templates: Readonly<Record<string, string>>;
  readonly column: string | undefined;
}

/** The node of a generic test on `tested`. @throws ProjectError, VeloErrors */
export function genericTest(
  entry: TestEntry,
  tested: Node,
  context: ParseContext,
): { node: Node; enabled: boolean } {
  const macro = findMacro(context.macros, context.packageName, `test_${entry.testName}`);
  const check = checks.all().find(({ name }) => name === entry.testName);
  if (!macro && !check) throw unknownTest(entry, context);
  const { templates, references, rendered } = parseArguments(entry, context);
  if (check && !macro) checkArguments(entry, check);
  const prefix = tested.kind === 'source' ? 'source_' : '';
  const testedName = tested.kind === 'source' ? tested.fqn.slice(-2).join('_') : tested.name;
  const named = {
    ...entry.args,
    ...(entry.column === undefined ? {} : { column_name: entry.column }),
  };
  const name = entry.name ?? genericTestName(prefix + entry.testName, testedName, named);
  const fqn = [...tested.fqn.slice(0, -1), name];
  const config = resolveConfig(testConfig, [...context.projectConfig(fqn), entry.config]);
  const rules = { where: config.where ?? null, error_if: config.error_if, warn_if: config.warn_if };
  const identity = hashOf([tested.id, entry.testName, named, rules]);
  const detail: GenericTestDetail = {
    test: 'generic',
    checkName: entry.testName,
    builtIn: macro === undefined,
    args: entry.args,
    templates,
    column: entry.column,
  };
  const names = macro ? [macro.name] : [];
  const text = JSON.stringify([entry.testName, named]);
  const node = testNode({
    name,
    hash: identity.slice(0, 10),
    packageName: context.packageName,
    path: entry.span.file,
    span: entry.span,
    fqn,
    description: entry.description,
    config,
    references: distinct([testedReference(tested, entry.span), ...references]),
    fingerprint: codeFingerprint(
      { text, rendered, names },
      rules,
      context.macros,
      context.packageName,
    ),
    volatile: isVolatile(text),
    attachedTo: tested.id,
    generic: { name: entry.testName, args: named },
    propertiesPath: entry.span.file,
    rawCode: `{{ test_${entry.testName}(**_dbt_generic_test_kwargs) }}`,
    detail,
  });
  return { node, enabled: config.enabled };
}

function testedReference(tested: Node, span: Span): Reference {
  if (tested.kind === 'source') return { kind: 'source', path: tested.fqn.slice(-2), span };
  return { kind: 'ref', path: [tested.packageName, tested.name], span };
}

/** An argument that is a template, or that is a bare ref() or source() call, which dbt takes as one. */
const CALL = /^\s*(ref|source)\s*\(.*\)\s*$/s;

function parseArguments(entry: TestEntry, context: ParseContext) {
  const templates: Record<string, string> = {};
  const references: Reference[] = [];
  let rendered = '';
  for (const [name, value] of Object.entries(entry.args)) {
    if (typeof value !== 'string') continue;
    const isCall = CALL.test(value);
    if (!isCall && !/\{\{|\{%/.test(value)) continue;
    const text = isCall ? `{{ ${value} }}` : value;
    const parsed = parseTemplateNode({ ...entry.span, text }, context);
    templates[name] = text;
    references.push(...parsed.references);
    rendered += `${name}=${parsed.rendered}\n`;
  }
  return { templates, references, rendered };
}

function checkArguments(entry: TestEntry, check: ReturnType<typeof checks.all>[number]): void {
  const fail = (message: string) =>
    new ProjectError('invalid-config', `test ${entry.testName}: ${message}`, { span: entry.span });
  if (check.scope === 'column' && entry.column === undefined)
    throw fail('it belongs under a column');
  if (check.scope === 'model' && entry.column !== undefined) {
    throw fail('it belongs under the model, not under a column');
  }
  const parsed = check.args.safeParse(entry.args);
  if (parsed.success) return;
  throw new VeloErrors(
    parsed.error.issues.map(({ path, message }) =>
      fail(path.length > 0 ? `${path.join('.')}: ${message}` : message),
    ),
  );
}

function unknownTest(entry: TestEntry, { macros, packageName }: ParseContext): ProjectError {
  const own = [...(macros.packages.get(packageName)?.values() ?? [])]
    .filter(({ kind }) => kind === 'test')
    .map(({ name }) => name.replace(/^test_/, ''));
  const known = [...checks.all().map(({ name }) => name), ...own];
  return new ProjectError('unknown-test', `there is no generic test '${entry.testName}'`, {
    span: entry.span,
    hint: didYouMean(entry.testName, known) ?? `known tests: ${known.join(', ')}`,
  });
}
