import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { RESOURCE_KINDS } from '../core/resource-kinds.ts';
import type { Graph } from './build-graph.ts';
import { compileGlob, compilePathGlob } from './glob.ts';
import { matchesConfig } from './match-config.ts';
import { type DueNodes, matchesDue } from './match-due.ts';
import { matchesFqn } from './match-fqn.ts';
import {
  type EarlierRun,
  matchesResult,
  matchesSourceStatus,
  matchesState,
} from './match-state.ts';
import { matchesVersion } from './match-version.ts';

type Predicate = (node: Node) => boolean;

export interface MethodInput {
  /** What stands after the colon. */
  readonly value: string;
  /** What stands between the method's name and the colon: ['materialized'] in `config.materialized:view`. */
  readonly args: readonly string[];
  readonly graph: Graph;
  /** What was left by an earlier run, for methods that compare with it. */
  readonly earlier?: EarlierRun | undefined;
  /** Dates to build, for methods that ask for them. */
  readonly due?: DueNodes | undefined;
}

/** One word before the colon of a selector. */
interface SelectorMethod {
  readonly name: string;
  /** Called once a criterion; the predicate once a node. @throws ConfigError 'selector-syntax' for a bad value */
  matcher(input: MethodInput): Predicate;
}

const METHODS: readonly SelectorMethod[] = [
  { name: 'fqn', matcher: ({ value }) => matchesFqn(value) },
  { name: 'tag', matcher: ({ value }) => anyOf((node) => node.tags, value) },
  { name: 'path', matcher: ({ value }) => inPath(value) },
  { name: 'file', matcher: ({ value }) => anyOf(fileNames, value) },
  { name: 'source', matcher: ({ value }) => isSource(value) },
  { name: 'exposure', matcher: ({ value }) => named('exposure', value) },
  { name: 'metric', matcher: ({ value }) => named('metric', value) },
  { name: 'semantic_model', matcher: ({ value }) => named('semantic_model', value) },
  { name: 'saved_query', matcher: ({ value }) => named('saved_query', value) },
  { name: 'unit_test', matcher: ({ value }) => named('unit_test', value) },
  { name: 'function', matcher: ({ value }) => named('function', value) },
  { name: 'version', matcher: ({ value, graph }) => matchesVersion(value, graph) },
  { name: 'resource_type', matcher: ({ value, graph }) => ofKind(value, graph) },
  // velo's own: train, score, backtest; and any other materialization.
  { name: 'kind', matcher: ({ value }) => anyOf(({ materialized }) => [materialized], value) },
  { name: 'config', matcher: ({ value, args }) => matchesConfig(args, value) },
  { name: 'group', matcher: ({ value }) => anyOf(({ config: { group } }) => texts(group), value) },
  {
    name: 'access',
    matcher: ({ value }) => anyOf(({ config: { access } }) => texts(access), value),
  },
  { name: 'package', matcher: ({ value, graph }) => inPackage(value, graph.projectName) },
  { name: 'test_name', matcher: ({ value }) => anyOf(genericName, value) },
  { name: 'state', matcher: ({ value, earlier }) => matchesState(value, earlier) },
  { name: 'result', matcher: ({ value, earlier }) => matchesResult(value, earlier) },
  { name: 'source_status', matcher: ({ value, earlier }) => matchesSourceStatus(value, earlier) },
  // velo's own: by the ledger.
  { name: 'interval', matcher: ({ value, due }) => matchesDue(value, due) },
  { name: 'test_type', matcher: ({ value }) => ofTestType(value) },
];

const METHOD_BY_NAME: ReadonlyMap<string, SelectorMethod> = new Map(
  METHODS.map((method) => [method.name, method]),
);

/** Words that may stand before a colon. */
export const SELECTOR_METHODS: readonly string[] = METHODS.map(({ name }) => name);

/** @throws ConfigError 'selector-syntax' */
export function createMatcher(method: string, input: MethodInput): Predicate {
  const found = METHOD_BY_NAME.get(method);
  // Hooks are nodes to the template language; nobody selects them.
  if (found) return selectable(found.matcher(input));
  throw new ConfigError('selector-syntax', `'${method}' is no selector method`, {
    hint:
      didYouMean(method, METHOD_BY_NAME.keys()) ??
      `known: ${[...METHOD_BY_NAME.keys()].join(', ')}`,
  });
}

const selectable =
  (matches: Predicate): Predicate =>
  (node) =>
    node.kind !== 'operation' && matches(node);

function anyOf(names: (node: Node) => readonly string[], pattern: string): Predicate {
  const matches = compileGlob(pattern);
  return (node) => names(node).some(matches);
}

function named(kind: string, pattern: string): Predicate {
  const parts = pattern.split('.');
  const matchesName = compileGlob(parts.at(-1) ?? '');
  const matchesPackage = compileGlob(parts.length > 1 ? (parts[0] ?? '') : '*');
  return (node) => node.kind === kind && matchesName(node.name) && matchesPackage(node.packageName);
}

/** `models/staging`, `models/**\/stg_*`: the file, a folder above it, or the YAML file that describes the node. */
function inPath(pattern: string): Predicate {
  const matches = compilePathGlob(pattern);
  return ({ path, propertiesPath }) =>
    withFolders(path).some(matches) ||
    (propertiesPath !== undefined && withFolders(propertiesPath).some(matches));
}

function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function fileNames({ path }: Node): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [name, name.replace(/(?<=.)\.[^.]*$/, '')];
}

/** `source`, `source.table` or `package.source.table`. */
function isSource(pattern: string): Predicate {
  const parts = pattern.split('.');
  if (parts.length > 3) {
    throw new ConfigError('selector-syntax', `'source:${pattern}' has too many parts`, {
      hint: 'write source:<source>, source:<source>.<table> or source:<package>.<source>.<table>',
    });
  }
  const [packageName = '*', source = '*', table = '*'] =
    parts.length === 3 ? parts : ['*', ...parts];
  const matchers = [packageName, source, table].map(compileGlob);
  return (node) =>
    node.kind === 'source' &&
    [node.packageName, ...node.fqn.slice(-2)].every((part, i) => matchers[i]?.(part));
}

/** dbt's kinds and those the project has. */
function ofKind(value: string, graph: Graph): Predicate {
  const known = new Set([
    ...RESOURCE_KINDS,
    ...Array.from(graph.nodes.values(), ({ kind }) => kind),
  ]);
  if (known.has(value)) return ({ kind }) => kind === value;
  throw new ConfigError('selector-syntax', `'${value}' is no resource type`, {
    hint: didYouMean(value, known) ?? `known: ${[...known].join(', ')}`,
  });
}

function inPackage(pattern: string, projectName: string): Predicate {
  return anyOf((node) => [node.packageName], pattern === 'this' ? projectName : pattern);
}

const genericName = ({ check }: Node): string[] => (check?.generic ? [check.generic.name] : []);

const TEST_TYPES: ReadonlyMap<string, Predicate> = new Map<string, Predicate>([
  ['generic', ({ check }) => check?.generic !== undefined],
  ['schema', ({ check }) => check?.generic !== undefined],
  ['singular', ({ kind, check }) => kind === 'test' && check?.generic === undefined],
  ['data', ({ kind }) => kind === 'test'],
  ['unit', ({ kind }) => kind === 'unit_test'],
]);

function ofTestType(value: string): Predicate {
  const found = TEST_TYPES.get(value);
  if (found) return found;
  throw new ConfigError('selector-syntax', `'${value}' is no type of test`, {
    hint: `known: ${[...TEST_TYPES.keys()].join(', ')}`,
  });
}

const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
