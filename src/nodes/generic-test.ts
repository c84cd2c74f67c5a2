import type { ZodObject } from 'zod';
import type { Check } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError, VeloErrors } from '../core/errors.ts';
import type { Node, Reference } from '../core/node.ts';
import { issueText } from '../core/schema-issue.ts';
import type { Span } from '../core/span.ts';
import { findBare, findIn, INTERNAL } from '../jinja/contexts/macro-library.ts';
import { overrideOf } from '../jinja/contexts/node-context.ts';
import { codeFacts } from './code-fingerprint.ts';
import { testConfig } from './config-schemas.ts';
import type { ParseContext, ParsedNode } from './node-kind.ts';
import { distinct, parseTemplateNode } from './parse-template-node.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { testArgument } from './test-arguments.ts';
import { genericTestName, testAlias, testHash } from './test-name.ts';
import { anyRowDecides, testNode, testRules } from './test-node.ts';

/** A test as YAML lists it under a node or a column. */
export interface TestEntry {
  /** `not_null`, or with its package `toolbox.no_blank`. */
  readonly testName: string;
  readonly name: string | undefined;
  readonly description: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly column: string | undefined;
  readonly config: ConfigLayer;
  /** The YAML file, relative to its package. */
  readonly path: string;
  readonly span: Span;
}

/** What a generic test keeps for running. */
export interface GenericTestDetail {
  readonly test: 'generic';
  readonly checkName: string;
  /** True: a check of velo's registry; false: a `{% test %}` of the project or a package. */
  readonly builtIn: boolean;
  readonly args: Readonly<Record<string, unknown>>;
  /** Arguments that are templates, by name, as text. */
  readonly templates: Readonly<Record<string, string>>;
  readonly column: string | undefined;
}

/** The node of a generic test on `tested`. @throws ProjectError, VeloErrors */
export function genericTest(entry: TestEntry, tested: Node, context: ParseContext): ParsedNode {
  const [name = '', namespace] = entry.testName.split('.').reverse();
  const macro = userMacro(name, namespace, context);
  const check = namespace === undefined ? checks.all().find((one) => one.name === name) : undefined;
  if (!macro && !check) throw unknownTest(entry, context);
  const { templates, references, rendered } = parseArguments(entry, context);
  if (check && !macro) checkArguments(entry, check);
  const identity = testIdentity(entry, tested, name, namespace);
  const project = context.projectConfig(identity.fqn);
  const layers = [...project.own, entry.config, ...project.root];
  const { config, unrendered } = resolveConfig(testConfig, layers, context.unknownConfig);
  const rules = testRules(config);
  const detail: GenericTestDetail = {
    test: 'generic',
    checkName: name,
    builtIn: macro === undefined,
    args: entry.args,
    templates,
    column: entry.column,
  };
  const { kwargs } = identity;
  const parts = [name, ...Object.entries(kwargs).flat(), config.where ?? ''].map(asText);
  const code = { text: parts.join('\n'), rendered, names: macro ? [macro] : [] };
  const asOfColumn = tested.asOf?.column;
  const node = testNode({
    ...identity,
    context,
    path: entry.path,
    span: entry.span,
    described: { description: entry.description, docBlocks: [] },
    config,
    unrendered,
    references: distinct([...references, testedReference(tested, entry.span)]),
    ...codeFacts(code, rules, context),
    judgesDatesAlone:
      macro === undefined &&
      asOfColumn !== undefined &&
      anyRowDecides(config) &&
      check?.isSeparable(entry.args, entry.column, asOfColumn) === true,
    attachedTo: tested.id,
    group: tested.config['group'],
    generic: { name, namespace, args: kwargs },
    propertiesPath: undefined,
    rawCode: `{{ ${namespace ? `${namespace}.` : ''}test_${name}(**_dbt_generic_test_kwargs) }}`,
    extra: { file_key_name: fileKey(tested) },
    detail,
  });
  return { node, enabled: config.enabled };
}

/** The macro of a test that is not velo's own: of the project, of the named package, or an override of dbt's. */
function userMacro(
  name: string,
  namespace: string | undefined,
  { macros, packageName }: ParseContext,
): string | undefined {
  const macro = `test_${name}`;
  if (namespace !== undefined) {
    return findIn(macros, namespace, macro) ? `${namespace}.${macro}` : undefined;
  }
  const isOverridden = [macro, `default__${macro}`, 'get_where_subquery', 'get_test_sql'].some(
    (one) => overrideOf(macros, one) !== undefined,
  );
  const found = findBare(macros, packageName, macro);
  return found && (found.packageName !== INTERNAL || isOverridden) ? macro : undefined;
}

/** Name, id and arguments as dbt makes them, so that ids are the same. */
function testIdentity(entry: TestEntry, tested: Node, name: string, namespace: string | undefined) {
  const isSource = tested.kind === 'source';
  const type = `${isSource ? 'source_' : ''}${namespace ? `${namespace}_` : ''}${name}`;
  const version = tested.version ? `_v${tested.version.label}` : '';
  const testedName = isSource ? tested.fqn.slice(-2).join('_') : `${tested.name}${version}`;
  const column = entry.column === undefined ? {} : { column_name: entry.column };
  const fullName = entry.name ?? genericTestName(type, testedName, { ...column, ...entry.args });
  const kwargs = {
    ...column,
    ...entry.args,
    model: `{{ get_where_subquery(${refText(tested)}) }}`,
  };
  const folders = tested.version ? tested.fqn.slice(0, -2) : tested.fqn.slice(0, -1);
  return {
    name: fullName,
    alias: entry.name ?? testAlias(type, testedName, fullName),
    hash: testHash(fullName, { namespace, name, kwargs }),
    kwargs,
    fqn: [...(isSource ? tested.fqn.slice(0, -2) : folders), fullName],
  };
}

function refText(tested: Node): string {
  if (tested.kind === 'source') {
    const [source, table] = tested.fqn.slice(-2);
    return `source('${source}', '${table}')`;
  }
  const version = tested.version ? `, version='${tested.version.label}'` : '';
  return `ref('${tested.name}'${version})`;
}

const fileKey = (tested: Node): string =>
  tested.kind === 'source' ? `sources.${tested.fqn.at(-2)}` : `${tested.kind}s.${tested.name}`;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function testedReference(tested: Node, span: Span): Reference {
  if (tested.kind === 'source') return { kind: 'source', path: tested.fqn.slice(-2), span };
  const version = tested.version ? `.v${tested.version.label}` : '';
  return { kind: 'ref', path: [`${tested.name}${version}`], span };
}

function parseArguments(entry: TestEntry, context: ParseContext) {
  const templates: Record<string, string> = {};
  const references: Reference[] = [];
  let rendered = '';
  for (const [name, value] of Object.entries(entry.args)) {
    if (typeof value !== 'string') continue;
    const text = testArgument(value);
    if (text === undefined) continue;
    const parsed = parseTemplateNode({ ...entry.span, text }, context);
    templates[name] = text;
    references.push(...parsed.references);
    rendered += `${name}=${parsed.rendered}\n`;
  }
  return { templates, references, rendered };
}

function checkArguments(entry: TestEntry, check: Check): void {
  const fail = (message: string, hint?: string) =>
    new ProjectError('invalid-config', `test ${entry.testName}: ${message}`, {
      span: entry.span,
      hint,
    });
  if (check.scope === 'column' && entry.column === undefined)
    throw fail('it belongs under a column');
  if (check.scope === 'model' && entry.column !== undefined) {
    throw fail('it belongs under the model, not under a column');
  }
  const parsed = check.args.safeParse(entry.args, { reportInput: true });
  if (parsed.success) return;
  throw new VeloErrors(
    parsed.error.issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => fail(`unknown argument '${key}'`, argumentHint(key, check)));
      }
      const name = issue.path.length > 0 ? `argument '${issue.path.join('.')}' ` : '';
      return [fail(name + issueText(issue))];
    }),
  );
}

function argumentHint(key: string, { args }: Check): string {
  const known = Object.keys((args as Partial<ZodObject>).shape ?? {});
  return (
    didYouMean(key, known) ?? (known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none')
  );
}

function unknownTest(entry: TestEntry, { macros, packageName }: ParseContext): ProjectError {
  const own = [...macros.packages].flatMap(([name, table]) =>
    [...table.keys()]
      .filter((macro) => macro.startsWith('test_'))
      .map((macro) => `${name === packageName ? '' : `${name}.`}${macro.slice('test_'.length)}`),
  );
  const known = [...checks.all().map(({ name }) => name), ...own];
  return new ProjectError('unknown-test', `there is no generic test '${entry.testName}'`, {
    span: entry.span,
    hint: didYouMean(entry.testName, known) ?? `known tests: ${known.join(', ')}`,
  });
}
