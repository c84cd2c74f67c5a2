import type { Manifest, Node } from '../../core/node.ts';
import { FAILED, type NodeResult, type NodeStatus, type RunResult } from '../../core/result.ts';
import { formatDuration } from '../terminal/duration.ts';
import { plural } from '../terminal/number.ts';
import { columnsOf } from '../terminal/screen.ts';
import { cutEnd, padEnd } from '../terminal/width.ts';
import { isCheck, kindName } from './node-words.ts';
import type { ReporterOptions } from './reporter.ts';
import { countResults, upToDate } from './run-stats.ts';

const LABEL_WIDTH = 11;
const SLOWEST = 3;
const SLOW_RUN_MS = 5000;

interface Finished {
  readonly node: Node;
  readonly result: NodeResult;
}

/** The end of a run for people: what was built, tested, skipped, left alone, how long it took, where things are. */
export function summaryLines(
  run: RunResult,
  manifest: Manifest,
  options: ReporterOptions,
  database: string,
): string[] {
  const finished = run.results.flatMap((result) => {
    const node = manifest.nodes.get(result.node);
    return node ? [{ node, result }] : [];
  });
  const { reused, total } = countResults(run.results);
  const entries: readonly (readonly [string, string])[] = [
    ['Built', built(finished)],
    ['Tests', tested(finished)],
    ['Failed', names(finished, FAILED)],
    ['Skipped', names(finished, new Set(['skipped']))],
    ['Unchanged', reused > 0 && reused < total ? plural(reused, 'node') : ''],
    ['Slowest', run.elapsedMs > SLOW_RUN_MS ? slowest(finished) : ''],
    ['Database', database],
  ];
  const width = columnsOf(options.stream) - 1;
  const lines = entries
    .filter(([, text]) => text !== '')
    .map(([label, text]) => cutEnd(options.style.bold(padEnd(label, LABEL_WIDTH)) + text, width));
  return ['', ...lines, verdict(run, options)];
}

/** `12 models (1,234,567 rows), 7 seeds (45 rows)` */
function built(finished: readonly Finished[]): string {
  const done = finished.filter(({ node, result }) => !isCheck(node) && result.status === 'success');
  return [...new Set(done.map(({ node }) => kindName(node)))]
    .map((kind) => {
      const results = done
        .filter(({ node }) => kindName(node) === kind)
        .map(({ result }) => result);
      const rows = results.reduce((sum, result) => sum + (result.rows ?? 0), 0);
      const counted = results.some((result) => result.rows !== undefined);
      return plural(results.length, kind) + (counted ? ` (${plural(rows, 'row')})` : '');
    })
    .join(', ');
}

function tested(finished: readonly Finished[]): string {
  const results = finished.filter(({ node }) => isCheck(node)).map(({ result }) => result);
  const { pass, warn, error, skip } = countResults(results);
  const parts: readonly (readonly [number, string])[] = [
    [pass, 'passed'],
    [warn, 'warned'],
    [error, 'failed'],
    [skip, 'skipped'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

function names(finished: readonly Finished[], statuses: ReadonlySet<NodeStatus>): string {
  const found = finished.filter(({ result }) => statuses.has(result.status));
  const list = found.map(({ node }) => node.name).join(', ');
  return found.length > 0 ? `${found.length}: ${list}` : '';
}

const slowest = (finished: readonly Finished[]): string =>
  [...finished]
    .sort((a, b) => b.result.durationMs - a.result.durationMs)
    .slice(0, SLOWEST)
    .map(({ node, result }) => `${cutEnd(node.name, 30)} ${formatDuration(result.durationMs)}`)
    .join(', ');

function verdict(run: RunResult, { style }: ReporterOptions): string {
  const { error, warn, reused, total } = countResults(run.results);
  const time = formatDuration(run.elapsedMs);
  if (run.interrupted) return style.red(`Interrupted after ${time}.`);
  if (error > 0) return style.red(`Failed: ${plural(error, 'error')} in ${time}.`);
  if (total === 0) return style.yellow('Nothing to do: no node is selected.');
  if (reused === total) return style.green(`${upToDate(total)}.`);
  const warnings = warn > 0 ? `, with ${plural(warn, 'warning')}` : '';
  return (warn > 0 ? style.yellow : style.green)(`Done in ${time}${warnings}.`);
}
