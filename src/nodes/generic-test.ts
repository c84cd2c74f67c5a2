import type { Check } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { collect, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import type { Node, Reference } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import { checkArguments } from './check-arguments.ts';
import { codeFacts } from './code-fingerprint.ts';
import { type TestConfig, testConfig } from './config-schemas.ts';
import { testMacroName, testTemplate } from './generic-test-call.ts';
import { isSimple, parseMacro, testMacros, unknownTest, userMacro } from './generic-test-macros.ts';
import { aliasedSettings, testLayers, testTags } from './generic-test-settings.ts';
import type { ParseContext, ParsedNode } from './node-kind.ts';
import { distinct, parseTemplateNode } from './parse-template-node.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';
import { testArgument } from './test-arguments.ts';
import { genericTestName, testAlias, testHash } from './test-name.ts';
import { anyRowDecides, judgedBy, testNode, testRules, withStoring } from './test-node.ts';

/** A test as YAML lists it under a node or a column. */
export interface TestEntry {
  /** `not_null`, or with its package `toolbox.no_blank`. */
  readonly testName: string;
  readonly name: string | undefined;
  readonly description: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly column: string | undefined;
  /** Tags of its column, by which it is selected, too. */
  readonly columnTags: readonly string[];
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

/** The node of a generic test on `tested`. @throws ProjectError, VeloErrors with the faults of its arguments and settings */
export function genericTest(entry: TestEntry, tested: Node, context: ParseContext): ParsedNode {
  const [name = '', namespace] = entry.testName.split('.').reverse();
  const macro = userMacro(name, namespace, context);
  const check = namespace === undefined ? checks.all().find((one) => one.name === name) : undefined;
  if (!macro && !check) throw unknownTest(entry, context);
  const parsedArgs = parseArguments(entry, context);
  const faults: VeloError[] = [];
  if (check && !macro) collect(faults, () => checkArguments(entry, check));
  const identity = testIdentity(entry, tested, name, namespace);
  const { alias, kwargs } = identity;
  const settings = aliasedSettings(entry, identity);
  const called = parseMacro(entry, macro, parsedArgs.values, tested, context);
  const macros = testMacros(name, macro, context);
  const project = context.projectConfig(identity.fqn);
  const layers = testLayers(entry, settings, called.configs, isSimple(macros), project);
  const resolved = collect(faults, () => resolveConfig(testConfig, layers, context.unknownConfig));
  if (!resolved || faults.length > 0) throw new VeloErrors(faults);
  const config = withStoring(resolved.config);
  const { args, column } = entry;
  const { rendered, templates } = parsedArgs;
  const builtIn = macro === undefined;
  const facets = { checkName: name, builtIn, args, templates, column };
  const detail: GenericTestDetail = { test: 'generic', ...facets };
  const parts = [name, ...Object.entries(kwargs).flat(), config.where ?? ''].map(asText);
  const code = { text: parts.join('\n'), rendered, names: macro ? [macro] : [] };
  const facts = codeFacts(code, testRules(config), context);
  const datedBy = macro ? judgedBy(config, entry.span) : undated(config, entry);
  const node = testNode({
    name: identity.name,
    alias: config.alias ?? alias,
    hash: identity.hash,
    fqn: identity.fqn,
    context,
    path: entry.path,
    span: entry.span,
    described: { description: entry.description, docBlocks: [] },
    config,
    unrendered: resolved.unrendered,
    references: distinct([
      ...parsedArgs.references,
      testedReference(tested, entry.span),
      ...called.references,
    ]),
    fingerprint: facts.fingerprint,
    volatile: facts.volatile || readsClock(macro, check),
    macros,
    datedBy,
    judgesDatesAlone: macro
      ? datedBy !== undefined
      : judgesDatesAlone(check, entry, tested, config),
    judgesCode: config.judges_code || (macro ? undefined : check?.judgesCode) || undefined,
    attachedTo: tested.id,
    group: tested.config['group'],
    generic: { name, namespace, args: kwargs },
    propertiesPath: undefined,
    rawCode: testTemplate(testMacroName(name, namespace), settings),
    fileKey: fileKey(tested),
    tags: testTags(entry, config.tags),
    detail,
  });
  return { node, enabled: config.enabled };
}

/** @throws ProjectError 'as-of-config' when a check of velo's own, which knows what it can judge, is told */
function undated({ as_of }: TestConfig, { testName, span }: TestEntry): undefined {
  if (as_of === undefined) return undefined;
  throw new ProjectError(
    'as-of-config',
    `'${testName}' knows by itself whether dates can be judged alone`,
    { span, hint: 'take as_of away here; a view says it of all its tests' },
  );
}

/** Whether what a test says of the same rows changes with time; macros say it by their SQL. */
const readsClock = (macro: unknown, check: Check | undefined): boolean =>
  macro === undefined && check?.readsClock === true;

const judgesDatesAlone = (
  check: Check | undefined,
  { args, column }: TestEntry,
  { asOf, datedBy = asOf }: Node,
  config: TestConfig,
): boolean =>
  anyRowDecides(config) &&
  datedBy !== undefined &&
  check?.isSeparable(args, column, datedBy.column) === true;

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
  // A name is found in the own package first, and that is the tested node's.
  return { kind: 'ref', path: [`${tested.name}${version}`], span };
}

function parseArguments(entry: TestEntry, context: ParseContext) {
  const templates: Record<string, string> = {};
  const values: Record<string, unknown> = { ...entry.args };
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
    values[name] = parsed.rendered;
  }
  return { templates, references, rendered, values };
}
