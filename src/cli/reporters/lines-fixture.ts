import type { VeloEvent } from '../../core/events.ts';
import type { Node } from '../../core/node.ts';
import type { NodeResult, RunResult } from '../../core/result.ts';
import { PLAIN } from '../terminal/style.ts';
import { fakeClock, fakeTerminal } from '../terminal/terminal-fixture.ts';
import { linesReporter } from './lines.ts';
import { manifestOf, planOf } from './run-fixture.ts';

/** Test data: what the lines reporter prints, with times and durations replaced as in dbt's recordings. */
export function printLines(events: readonly VeloEvent[]): string[] {
  const stream = fakeTerminal(200);
  const clock = fakeClock(Date.UTC(2024, 0, 10, 12));
  const options = { stream, clock, style: PLAIN, projectDir: '.', targetPath: 'target' };
  const reporter = linesReporter.create(options);
  for (const event of events) {
    clock.advance(1000);
    reporter.handle(event);
  }
  reporter.close();
  return stream.writes
    .join('')
    .replace(/^\d\d:\d\d:\d\d/gm, 'HH:MM:SS')
    .replace(/\d+ hours \d+ minutes and \d+\.\d\d seconds/g, 'N hours N minutes and N.NN seconds')
    .replace(/\d+\.\d\ds/g, 'N.NNs')
    .split('\n')
    .slice(0, -1);
}

/** Test data: the start of a run that builds `nodes`. */
export const startedEvent = (nodes: readonly Node[]): VeloEvent => ({
  type: 'run-started',
  manifest: manifestOf(nodes),
  plan: planOf(nodes),
  threads: 1,
  targetName: 'duck',
  database: 'target/racing.duckdb',
});

/** Test data: a node's start and end. */
export const nodeEvents = (result: NodeResult, index: number, total: number): VeloEvent[] => [
  { type: 'node-started', node: result.node, index, total },
  { type: 'node-finished', result, index, total },
];

/** Test data: the end of a run. */
export const finishedEvent = (
  results: readonly NodeResult[],
  given: Partial<RunResult> = {},
): VeloEvent => ({
  type: 'run-finished',
  result: { results, elapsedMs: 1200, interrupted: false, ...given },
});
