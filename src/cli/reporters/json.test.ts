import { expect, it } from 'vitest';
import type { VeloEvent } from '../../core/events.ts';
import { PLAIN } from '../terminal/style.ts';
import { fakeClock, fakeTerminal } from '../terminal/terminal-fixture.ts';
import { jsonReporter } from './json.ts';
import { manifestOf, modelOf, nodeOf, planOf, resultOf } from './run-fixture.ts';

function log(events: readonly VeloEvent[]): { info: Record<string, unknown>; data: unknown }[] {
  const stream = fakeTerminal(80);
  const clock = fakeClock(Date.UTC(2024, 0, 10, 12));
  const options = { stream, clock, style: PLAIN, projectDir: '.', targetPath: 'target' };
  const reporter = jsonReporter.create(options);
  for (const event of events) reporter.handle(event);
  const lines = stream.writes.join('').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

const model = modelOf('stg_orders', 'view', {
  relation: { schema: 'main_staging', name: 'stg_orders' },
  path: 'models/staging/stg_orders.sql',
});
const test = nodeOf('test', 'paid_enough');
const manifest = manifestOf([model, test]);
const plan = planOf([model, test]);
const passed = resultOf(test, { status: 'fail', failures: 2, message: 'Got 2 results' });
const results = [resultOf(model), passed];

const events: readonly VeloEvent[] = [
  { type: 'warning', message: 'careful' },
  { type: 'project-read', manifest },
  {
    type: 'run-started',
    manifest,
    plan,
    threads: 1,
    targetName: 'duck',
    database: 'target/racing.duckdb',
  },
  { type: 'node-started', node: model.id, index: 1, total: 2 },
  { type: 'node-finished', result: resultOf(model), index: 1, total: 2 },
  { type: 'node-finished', result: passed, index: 2, total: 2 },
  { type: 'run-finished', result: { results, elapsedMs: 1500, interrupted: false } },
];

it("writes one object an event, with dbt's names, levels and messages (106-json-run)", () => {
  const ts = '2024-01-10T12:00:00.000Z';
  expect(log(events).map(({ info: { code: _, ...info } }) => info)).toEqual([
    { name: 'Warning', level: 'warn', msg: '[WARNING]: careful', ts },
    { name: 'FoundStats', level: 'info', msg: 'Found 1 model, 1 test', ts },
    { name: 'ConcurrencyLine', level: 'info', msg: "Concurrency: 1 threads (target='duck')", ts },
    {
      name: 'LogStartLine',
      level: 'info',
      msg: '1 of 2 START sql view model main_staging.stg_orders ............................ [RUN]',
      ts,
    },
    {
      name: 'LogModelResult',
      level: 'info',
      msg: '1 of 2 OK created sql view model main_staging.stg_orders ....................... [OK in 0.12s]',
      ts,
    },
    {
      name: 'LogTestResult',
      level: 'error',
      msg: `2 of 2 FAIL 2 paid_enough ${'.'.repeat(54)} [FAIL 2 in 0.12s]`,
      ts,
    },
    {
      name: 'FinishedRunningStats',
      level: 'info',
      msg: 'Finished running 1 test, 1 view model in 0 hours 0 minutes and 1.50 seconds (1.50s).',
      ts,
    },
    {
      name: 'EndOfRunSummary',
      level: 'error',
      msg: 'Completed with 1 error, 0 partial successes, and 0 warnings:',
      ts,
    },
    {
      name: 'StatsLine',
      level: 'error',
      msg: 'Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2',
      ts,
    },
  ]);
});

it('says in data what programs need', () => {
  const entries = log(events);
  expect(entries[3]?.data).toEqual({
    description: 'sql view model main_staging.stg_orders',
    index: 1,
    total: 2,
    node_info: {
      unique_id: 'model.shop.stg_orders',
      node_name: 'stg_orders',
      node_path: 'models/staging/stg_orders.sql',
      node_status: 'started',
      node_relation: { schema: 'main_staging', name: 'stg_orders' },
      resource_type: 'model',
      materialized: 'view',
    },
  });
  expect(entries[5]?.data).toMatchObject({ status: 'fail', num_failures: 2, execution_time: 0.12 });
  // As in record 106: what stands in the line stands in the data, too.
  expect(entries[6]).toMatchObject({
    info: { code: 'E047' },
    data: {
      stat_line: '1 test, 1 view model',
      execution: ' in 0 hours 0 minutes and 1.50 seconds',
      execution_time: 1.5,
    },
  });
  expect(entries[7]?.data).toEqual({
    keyboard_interrupt: false,
    num_errors: 1,
    num_partial_success: 0,
    num_warnings: 0,
  });
  expect(entries[8]?.data).toMatchObject({
    stats: { error: 1, noop: 0, pass: 1, reused: 0, skip: 0, total: 2, warn: 0 },
    elapsed: 1.5,
    keyboard_interrupt: false,
  });
});

it('a batch tells its half-open range', () => {
  const batch = { start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 2) };
  const [entry] = log([
    { type: 'batch-finished', node: model.id, batch, done: 1, total: 3, rows: 12 },
  ]);
  expect(entry?.data).toMatchObject({
    batch_index: 1,
    total_batches: 3,
    batch_start: '2024-01-01T00:00:00.000Z',
    batch_end: '2024-01-02T00:00:00.000Z',
    rows: 12,
  });
});
