import type { Manifest, Node } from '../core/node.ts';
import { RESOURCE_KINDS } from '../core/resource-kinds.ts';
import { RESULT_WORDS, STATE_WORDS } from '../graph/match-state.ts';
import { SELECTOR_METHODS } from '../graph/methods.ts';

/** Something that may stand in the place of the word that is being typed. */
export interface Candidate {
  readonly value: string;
  readonly help?: string | undefined;
}

/**
 * What a criterion of `--select` may become: names, methods and their values, behind `+`, `2+`, `@` and what is joined by
 * commas. A candidate that ends with ':' or '/' goes on.
 */
export function completeSelector(
  word: string,
  manifest: Manifest | undefined,
): readonly Candidate[] {
  const [, head = '', start = ''] = /^(.*,)?((?:@|\d*\+)?)/.exec(word) ?? [];
  const front = head + start;
  const typed = word.slice(front.length);
  const colon = typed.indexOf(':');
  const method = typed.slice(0, Math.max(colon, 0));
  const found =
    colon < 0
      ? [...names(typed, manifest), ...methodNames(typed)]
      : valuesOf(method, typed.slice(colon + 1), manifest).map((value) => ({
          value: `${method}:${value}`,
        }));
  return found.map((one) => ({ ...one, value: front + one.value }));
}

/** The methods whose values stand behind a dot first. */
const DOTTED: Readonly<Record<string, string>> = { config: 'config.materialized:' };

const methodNames = (typed: string): readonly Candidate[] =>
  SELECTOR_METHODS.map((name) => DOTTED[name] ?? `${name}:`)
    .filter((name) => name.startsWith(typed))
    .map((value) => ({ value, help: 'method' }));

const isTest = ({ kind }: Node): boolean => kind === 'test' || kind === 'unit_test';

/** Names of what is built; those of tests, which are many, where nothing else begins so. */
function names(typed: string, manifest: Manifest | undefined): readonly Candidate[] {
  const all = [...(manifest?.nodes.values() ?? [])].filter(
    ({ kind, name }) => NAMED.has(kind) && name.startsWith(typed),
  );
  const others = all.filter((node) => !isTest(node));
  const shown = others.length > 0 || typed === '' ? others : all;
  return shown.map(({ name, kind, materialized }) => ({
    value: name,
    help: kind === 'model' ? materialized.replaceAll('_', ' ') : kind.replaceAll('_', ' '),
  }));
}

/** Kinds that a bare name finds. */
const NAMED: ReadonlySet<string> = new Set([
  ...['model', 'seed', 'snapshot', 'test', 'unit_test', 'analysis', 'function'],
]);

type Values = (nodes: readonly Node[], manifest: Manifest | undefined) => readonly string[];

const ofKind =
  (kind: string): Values =>
  (nodes) =>
    nodes.filter((node) => node.kind === kind).map(({ name }) => name);

const VALUES: Readonly<Record<string, Values>> = {
  tag: (nodes) => nodes.flatMap(({ tags }) => tags),
  fqn: (nodes) => nodes.filter((node) => !isTest(node)).map(({ fqn }) => fqn.join('.')),
  file: (nodes) => nodes.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
  source: (nodes) =>
    nodes
      .filter(({ kind }) => kind === 'source')
      .flatMap(({ fqn }) => [String(fqn.at(-2)), fqn.slice(-2).join('.')]),
  exposure: ofKind('exposure'),
  metric: ofKind('metric'),
  semantic_model: ofKind('semantic_model'),
  saved_query: ofKind('saved_query'),
  unit_test: ofKind('unit_test'),
  function: ofKind('function'),
  version: () => ['latest', 'prerelease', 'old', 'none'],
  resource_type: () => RESOURCE_KINDS,
  kind: (nodes) => nodes.filter((node) => !isTest(node)).map(({ materialized }) => materialized),
  'config.materialized': (nodes) =>
    nodes.filter(({ kind }) => kind === 'model').map(({ materialized }) => materialized),
  group: (_, manifest) => (manifest?.groups ?? []).map(({ name }) => name),
  access: () => ['public', 'protected', 'private'],
  package: (nodes) => ['this', ...nodes.map(({ packageName }) => packageName)],
  state: () => STATE_WORDS,
  result: () => RESULT_WORDS.filter((status) => !status.includes(' ')),
  source_status: () => ['fresher'],
  test_type: () => ['data', 'generic', 'singular', 'unit'],
};

function valuesOf(
  method: string,
  typed: string,
  manifest: Manifest | undefined,
): readonly string[] {
  const nodes = [...(manifest?.nodes.values() ?? [])];
  const values =
    method === 'path' ? nextPaths(typed, nodes) : (VALUES[method]?.(nodes, manifest) ?? []);
  const fitting = values.filter((value) => value !== '' && value.startsWith(typed));
  return [...new Set(fitting)].sort();
}

/** Files and folders one level below what is typed. */
const nextPaths = (typed: string, nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap(({ path }) => {
    if (!path.startsWith(typed)) return [];
    const end = path.indexOf('/', typed.length);
    return end < 0 ? path : path.slice(0, end + 1);
  });
