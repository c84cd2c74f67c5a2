import { INLINE_NAME } from '../../core/inline-name.ts';
import type { Manifest, Node } from '../../core/node.ts';
import type { NodeResult, NodeStatus, RunResult } from '../../core/result.ts';
import { formatLongDuration } from '../terminal/duration.ts';
import { plural } from '../terminal/number.ts';

/** The order in which dbt lists what it found; other kinds come last. */
const KIND_ORDER = [
  'model',
  'snapshot',
  'analysis',
  'test',
  'seed',
  'operation',
  'sql operation',
  'source',
  'exposure',
  'metric',
  'macro',
  'group',
  'semantic model',
  'saved query',
  'unit test',
];

const PLURALS: Readonly<Record<string, string>> = {
  analysis: 'analyses',
  test: 'data tests',
  'saved query': 'saved queries',
};

export interface RunCounts {
  readonly pass: number;
  readonly warn: number;
  readonly error: number;
  readonly skip: number;
  readonly noop: number;
  readonly reused: number;
  readonly total: number;
}

export function countResults(results: readonly NodeResult[]): RunCounts {
  const count = (...statuses: readonly NodeStatus[]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    pass: count('success', 'pass'),
    warn: count('warn'),
    error: count('error', 'fail', 'partial success'),
    skip: count('skipped'),
    noop: count('no-op'),
    reused: count('reused'),
    total: results.length,
  };
}

/** `Found 36 models, 4 snapshots, 28 data tests, 532 macros` */
export function foundLine(manifest: Manifest): string {
  const found = tally(Array.from(manifest.nodes.values(), foundKind));
  const counts = new Map(Array.from(found, ([kind, count]) => [kind.replaceAll('_', ' '), count]));
  if (manifest.macros.length > 0) counts.set('macro', manifest.macros.length);
  // dbt does not count them.
  counts.delete('function');
  if (manifest.groups.length > 0) counts.set('group', manifest.groups.length);
  const rank = (kind: string): number => (KIND_ORDER.indexOf(kind) + 100) % 100;
  const kinds = [...counts.keys()].sort((a, b) => rank(a) - rank(b));
  return `Found ${listCounts(kinds, counts) || 'nothing'}`;
}

/** dbt counts the query of a command line by itself. */
const foundKind = ({ kind, fqn }: Node): string =>
  kind === 'model' && fqn.length === 2 && fqn[1] === INLINE_NAME ? 'sql operation' : kind;

/** `Finished running 3 project hooks, 7 seeds in 0 hours 0 minutes and 1.20 seconds (1.20s).` */
export function finishedLine(run: RunResult, manifest: Manifest): string {
  const ran = run.results.filter(({ status }) => status !== 'reused');
  const counts = tally(ran.map(({ node }) => finishedKind(manifest.nodes.get(node))));
  const kinds = [...counts.keys()].sort();
  return `Finished running ${listCounts(kinds, counts)} in ${formatLongDuration(run.elapsedMs)}.`;
}

/** `Concurrency: 4 threads (target='dev')` */
export const concurrencyLine = (run: {
  readonly threads: number;
  readonly targetName: string;
}): string => `Concurrency: ${run.threads} threads (target='${run.targetName}')`;

/** What came of a run that could not start. */
export const nothingRan = ({ elapsedMs }: { readonly elapsedMs: number }): RunResult => ({
  results: [],
  elapsedMs,
  interrupted: false,
});

/** `Completed with 2 errors, 0 partial successes, and 1 warning:` */
export function completedLine({ results, interrupted }: RunResult): string {
  const { error, warn } = countResults(results);
  const partial = results.filter(({ status }) => status === 'partial success').length;
  if (interrupted) return 'Exited because of keyboard interrupt';
  const parts = plural(partial, 'partial success', 'partial successes');
  const warnings = plural(warn, 'warning');
  if (error > partial) {
    return `Completed with ${plural(error - partial, 'error')}, ${parts}, and ${warnings}:`;
  }
  if (partial > 0) return `Completed with ${parts} and ${warnings}`;
  return warn > 0 ? `Completed with ${plural(warn, 'warning')}:` : 'Completed successfully';
}

/** `Done. PASS=78 WARN=2 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=80` */
export function doneLine(results: readonly NodeResult[]): string {
  const { pass, warn, error, skip, noop, reused, total } = countResults(results);
  return `Done. PASS=${pass} WARN=${warn} ERROR=${error} SKIP=${skip} NO-OP=${noop} REUSED=${reused} TOTAL=${total}`;
}

/** What is said instead of a run in which every node was unchanged. */
export const upToDate = (count: number): string =>
  `Nothing to do: ${count === 1 ? 'the one node is' : `all ${plural(count, 'node')} are`} up to date`;

function finishedKind(node: Node | undefined): string {
  if (!node) return 'node';
  if (node.kind === 'model') return `${node.materialized.replaceAll('_', ' ')} model`;
  return node.kind === 'operation' ? 'project hook' : node.kind.replaceAll('_', ' ');
}

const listCounts = (kinds: readonly string[], counts: ReadonlyMap<string, number>): string =>
  kinds.map((kind) => plural(counts.get(kind) ?? 0, kind, PLURALS[kind] ?? `${kind}s`)).join(', ');

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
