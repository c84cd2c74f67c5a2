import { expect, it } from 'vitest';
import { DatabaseError } from '../../core/errors.ts';
import type { Node } from '../../core/node.ts';
import type { NodeResult } from '../../core/result.ts';
import { createStyle, PLAIN } from '../terminal/style.ts';
import { fakeClock, fakeTerminal } from '../terminal/terminal-fixture.ts';
import { liveReporter } from './live.ts';
import { manifestOf, modelOf, nodeOf, planOf, resultOf } from './run-fixture.ts';

const seed = nodeOf('seed', 'courses');
const model = modelOf('trainer_velocity', 'incremental');
const test = nodeOf('test', 'unique_runs');
const after = modelOf('report', 'table');
const old = modelOf('old', 'table');
const nodes = [seed, model, test, after, old];

function watch(columns = 80, style = PLAIN) {
  const stream = fakeTerminal(columns);
  const clock = fakeClock(1_000_000);
  const options = { stream, clock, style, projectDir: '.', targetPath: 'target' };
  const reporter = liveReporter.create(options);
  const start = (): void => {
    const [manifest, plan] = [manifestOf(nodes), planOf(nodes)];
    reporter.handle({
      type: 'run-started',
      manifest,
      plan,
      threads: 2,
      targetName: 'dev',
      database: 'target/racing.duckdb',
    });
  };
  const begin = (node: Node, index: number): void =>
    reporter.handle({ type: 'node-started', node: node.id, index, total: nodes.length });
  const finish = (result: NodeResult, index: number): void =>
    reporter.handle({ type: 'node-finished', result, index, total: nodes.length });
  return { stream, clock, reporter, start, begin, finish };
}

const seeded = resultOf(seed, { rows: 12, durationMs: 400 });
const built = resultOf(model, { rows: 1_234_567, durationMs: 3000 });
const failed = resultOf(test, {
  status: 'fail',
  failures: 2,
  message: 'Got 2 results, configured to fail if != 0',
  compiledCode: 'select',
});

it('shows what runs, and above it what is finished', () => {
  const { stream, clock, start, begin, finish } = watch();
  start();
  begin(seed, 1);
  begin(model, 2);
  clock.advance(400);
  finish(seeded, 1);
  clock.advance(100);
  expect(stream.lines()).toEqual([
    '✓ courses          seed                  12 rows      0.40 s',
    '⠴ trainer_velocity         1 s',
    '[####----------------] 1/5 · 1 s',
  ]);
});

it('prints failures as they come, with their reason', () => {
  const { stream, clock, start, begin, finish } = watch(80, createStyle(true));
  start();
  begin(test, 1);
  clock.advance(400);
  finish(failed, 1);
  clock.advance(100);
  expect(stream.writes.at(-1)).toContain('\u001b[31m✗ unique_runs     \u001b[39m');
  expect(stream.lines().slice(0, 3)).toEqual([
    '✗ unique_runs      test                2 results      0.12 s',
    '    Got 2 results, configured to fail if != 0',
    '    SQL: target/compiled/shop/models/unique_runs.sql',
  ]);
  expect(stream.lines().at(-1)).toBe('[####----------------] 1/5 · 1 failed · 1 s');
});

it('shows the whole name of a test that failed, as far as the terminal goes', () => {
  const long = nodeOf('test', 'relationships_runs_trainer_id__id__ref_trainers_');
  const firstLine = (columns: number) => {
    const { stream, clock, reporter, start, begin, finish } = watch(columns);
    start();
    const manifest = manifestOf([...nodes, long]);
    reporter.handle({ type: 'project-read', manifest, printerWidth: undefined });
    begin(long, 1);
    finish({ ...failed, node: long.id }, 1);
    clock.advance(100);
    reporter.close();
    return stream.lines().find((line) => line.startsWith('✗'));
  };
  expect(firstLine(120)).toBe(`✗ ${long.name} test                2 results      0.12 s`);
  expect(firstLine(80)).toBe(
    '✗ relationships_runs_trainer_id__id_… test                2 results      0.12 s',
  );
});

it('names the table of rows that were kept', () => {
  const { stream, clock, start, begin, finish } = watch();
  start();
  begin(test, 1);
  finish({ ...failed, keptIn: { schema: 'velo_audit', name: 'unique_runs' } }, 1);
  clock.advance(100);
  expect(stream.lines().slice(2, 4)).toEqual([
    '    SQL: target/compiled/shop/models/unique_runs.sql',
    '    rows: velo_audit.unique_runs',
  ]);
});

it('draws at most ten times a second, and not at all once closed', () => {
  const { stream, clock, reporter, start, begin, finish } = watch();
  start();
  const before = stream.writes.length;
  for (let step = 0; step < 100; step += 1) {
    begin(model, 2);
    finish(resultOf(model), 2);
    clock.advance(10);
  }
  expect(stream.writes.length - before).toBeLessThanOrEqual(10);
  reporter.close();
  const closed = stream.writes.length;
  clock.advance(1000);
  expect(stream.writes).toHaveLength(closed);
  expect(clock.isTicking()).toBe(false);
});

it('close gives the cursor back and loses no line', () => {
  const { stream, reporter, start, begin, finish } = watch();
  const listeners = process.listenerCount('exit');
  start();
  begin(seed, 1);
  finish(seeded, 1);
  expect(stream.isCursorShown()).toBe(false);
  reporter.close();
  reporter.close();
  expect(stream.isCursorShown()).toBe(true);
  expect(stream.lines()).toEqual([
    '✓ courses          seed                  12 rows      0.40 s',
    '',
  ]);
  expect(process.listenerCount('exit')).toBe(listeners);
});

it('ends with a summary for people', () => {
  const { stream, reporter, start } = watch();
  start();
  const broken = new DatabaseError('database-error', 'no', 'select');
  const results = [
    seeded,
    built,
    failed,
    resultOf(after, { status: 'skipped', error: broken }),
    resultOf(old, { status: 'reused' }),
  ];
  reporter.handle({
    type: 'run-finished',
    result: { results, elapsedMs: 6100, interrupted: false },
  });
  expect(stream.lines()).toEqual([
    '',
    'Built      1 seed (12 rows), 1 model (1,234,567 rows)',
    'Tests      1 failed',
    'Failed     1: unique_runs',
    'Skipped    1: report',
    'Unchanged  1 node',
    'Slowest    trainer_velocity 3.00 s, courses 0.40 s, unique_runs 0.12 s',
    'Database   target/racing.duckdb',
    'Failed: 1 error in 6.10 s.',
    '',
  ]);
  expect(stream.isCursorShown()).toBe(true);
});

it.each<[string, readonly NodeResult[], boolean, string]>([
  ['good', [built], false, 'Done in 1.00 s.'],
  [
    'warned',
    [resultOf(test, { status: 'warn', failures: 1 })],
    false,
    'Done in 1.00 s, with 1 warning.',
  ],
  [
    'unchanged',
    [resultOf(old, { status: 'reused' })],
    false,
    'Nothing to do: the one node is up to date.',
  ],
  ['empty', [], false, 'Nothing to do: no node is selected.'],
  ['interrupted', [built], true, 'Interrupted after 1.00 s.'],
])('the last line of a run that is %s', (_, results, interrupted, expected) => {
  const { stream, reporter, start } = watch();
  start();
  reporter.handle({ type: 'run-finished', result: { results, elapsedMs: 1000, interrupted } });
  expect(stream.lines().at(-2)).toBe(expected);
});

it.each([60, 80, 140])('no line of a finished node is wider than %i columns', (columns) => {
  const { stream, clock, reporter, start, begin } = watch(columns);
  start();
  const long = modelOf('香港'.repeat(40), 'incremental');
  const [manifest, plan] = [manifestOf([long]), planOf([long])];
  reporter.handle({
    type: 'run-started',
    manifest,
    plan,
    threads: 2,
    targetName: 'dev',
    database: 'target/racing.duckdb',
  });
  begin(long, 1);
  const batch = { start: 0, end: 86_400_000 };
  reporter.handle({ type: 'batch-finished', node: long.id, batch, done: 12, total: 12, rows: 1 });
  reporter.handle({
    type: 'node-finished',
    result: resultOf(long, { rows: 1_234_567_890 }),
    index: 1,
    total: 1,
  });
  clock.advance(100);
  expect(stream.lines()).toHaveLength(2);
  expect(stream.lines()[0]).toMatch(/^✓ 香港.*… +incremental.* 1,234,567,890 rows +0\.12 s$/);
});

it('counts the tests that passed on the line of their node and gives them none of their own', () => {
  const stream = fakeTerminal(80);
  const clock = fakeClock(1_000_000);
  const reporter = liveReporter.create({
    stream,
    clock,
    style: PLAIN,
    projectDir: '.',
    targetPath: 'target',
  });
  reporter.handle({
    type: 'run-started',
    manifest: manifestOf([model, test]),
    plan: planOf([model], { checks: [test.id] }),
    threads: 1,
    targetName: 'dev',
    database: 'target/racing.duckdb',
  });
  reporter.handle({ type: 'node-finished', result: built, index: 1, total: 2 });
  const passed = resultOf(test, { status: 'pass', failures: 0 });
  reporter.handle({ type: 'node-finished', result: passed, index: 2, total: 2 });
  reporter.handle({
    type: 'run-finished',
    result: { results: [built, passed], elapsedMs: 3100, interrupted: false },
  });
  expect(stream.lines()).toEqual([
    '✓ trainer_velocity incremental    1,234,567 rows      3.00 s  1 test',
    '',
    'Built      1 model (1,234,567 rows)',
    'Tests      1 passed',
    'Database   target/racing.duckdb',
    'Done in 3.10 s.',
    '',
  ]);
});
