import { describe, expect, it } from 'vitest';
import type { VeloEvent } from '../../core/events.ts';
import type { Node } from '../../core/node.ts';
import type { NodeResult } from '../../core/result.ts';
import { PLAIN } from '../terminal/style.ts';
import { fakeClock, fakeTerminal } from '../terminal/terminal-fixture.ts';
import { linesReporter } from './lines.ts';
import { nodeEvents, printLines, startedEvent } from './lines-fixture.ts';
import { modelOf, nodeOf, resultOf } from './run-fixture.ts';

/** The lines of one finished node, without the run around it. */
const printNode = (node: Node, given: Partial<NodeResult>, index: number, total: number) =>
  printLines([startedEvent([node]), ...nodeEvents(resultOf(node, given), index, total)]).slice(4);

const RECORDED: readonly [string, Node, Partial<NodeResult>, number, number, string[]][] = [
  [
    'seed (016-seed)',
    nodeOf('seed', 'countries', { relation: { schema: 'main_raw', name: 'countries' } }),
    { message: 'INSERT 3' },
    1,
    7,
    [
      'HH:MM:SS  1 of 7 START seed file main_raw.countries ...................................... [RUN]',
      'HH:MM:SS  1 of 7 OK loaded seed file main_raw.countries .................................. [INSERT 3 in N.NNs]',
    ],
  ],
  [
    'hook (016-seed)',
    nodeOf('operation', 'shop-on-run-start-0'),
    {},
    1,
    2,
    [
      'HH:MM:SS  1 of 2 START hook: shop.on-run-start.0 ......................................... [RUN]',
      'HH:MM:SS  1 of 2 OK hook: shop.on-run-start.0 ............................................ [OK in N.NNs]',
    ],
  ],
  [
    'view (021-build-first)',
    modelOf('snap_input', 'view', { relation: { schema: 'main_staging', name: 'snap_input' } }),
    {},
    1,
    80,
    [
      'HH:MM:SS  1 of 80 START sql view model main_staging.snap_input ........................... [RUN]',
      'HH:MM:SS  1 of 80 OK created sql view model main_staging.snap_input ...................... [OK in N.NNs]',
    ],
  ],
  [
    'snapshot (021-build-first)',
    nodeOf('snapshot', 'hist_customers_ts', {
      relation: { schema: 'main_snap', name: 'hist_customers_ts' },
    }),
    {},
    17,
    80,
    [
      'HH:MM:SS  17 of 80 START snapshot main_snap.hist_customers_ts ............................ [RUN]',
      'HH:MM:SS  17 of 80 OK snapshotted main_snap.hist_customers_ts ............................ [OK in N.NNs]',
    ],
  ],
  [
    'warning test (024-test)',
    nodeOf('test', 'email_is_known'),
    { status: 'warn', failures: 1 },
    3,
    34,
    [
      'HH:MM:SS  3 of 34 START test email_is_known .............................................. [RUN]',
      'HH:MM:SS  3 of 34 WARN 1 email_is_known .................................................. [WARN 1 in N.NNs]',
    ],
  ],
  [
    'test with a name too long for the dots (024-test)',
    nodeOf('test', 'relationships_stg_orders_customer_id__customer_id__ref_stg_customers_'),
    { status: 'pass', failures: 0 },
    14,
    34,
    [
      'HH:MM:SS  14 of 34 START test relationships_stg_orders_customer_id__customer_id__ref_stg_customers_  [RUN]',
      'HH:MM:SS  14 of 34 PASS relationships_stg_orders_customer_id__customer_id__ref_stg_customers_  [PASS in N.NNs]',
    ],
  ],
  [
    'failed seed (zz_ragged)',
    nodeOf('seed', 'zz_ragged', { relation: { schema: 'main_raw', name: 'zz_ragged' } }),
    { status: 'error' },
    1,
    1,
    [
      'HH:MM:SS  1 of 1 START seed file main_raw.zz_ragged ...................................... [RUN]',
      'HH:MM:SS  1 of 1 ERROR loading seed file main_raw.zz_ragged .............................. [ERROR in N.NNs]',
    ],
  ],
];

it.each(RECORDED)('as dbt recorded it: %s', (_, node, given, index, total, expected) => {
  expect(printNode(node, given, index, total)).toEqual(expected);
});

it('unit test, named with its model (021-build-first)', () => {
  const model = modelOf('rpt_settings', 'table');
  const check = {
    attachedTo: model.id,
    severity: 'error',
    judgesDatesAlone: false,
    generic: undefined,
  } as const;
  const test = nodeOf('unit_test', 'settings_overrides', { check });
  const events = nodeEvents(resultOf(test, { status: 'pass' }), 12, 80);
  expect(printLines([startedEvent([model, test]), ...events]).slice(4)).toEqual([
    'HH:MM:SS  12 of 80 START unit_test rpt_settings::settings_overrides ...................... [RUN]',
    'HH:MM:SS  12 of 80 PASS rpt_settings::settings_overrides ................................. [PASS in N.NNs]',
  ]);
});

it('skipped test (fail-fast recordings)', () => {
  const test = nodeOf('test', 'unique_dim_customers_v2_customer_id');
  const result = resultOf(test, { status: 'skipped' });
  const event: VeloEvent = { type: 'node-finished', result, index: 3, total: 3 };
  expect(printLines([startedEvent([test]), event]).slice(4)).toEqual([
    'HH:MM:SS  3 of 3 SKIP test unique_dim_customers_v2_customer_id ........................... [SKIP]',
  ]);
});

const DAY_MS = 86_400_000;
const asOf = {
  column: 'as_of_date',
  grain: 'day',
  begin: 0,
  lookback: [],
  batchSize: 'auto',
  dependsOnPast: false,
  onChange: 'rebuild',
  ahead: false,
} as const;
const batchOf = (node: Node, done: number, total: number, rows?: number): VeloEvent => {
  const start = Date.UTC(2024, 0, 4) + done * DAY_MS;
  const batch = { start, end: start + DAY_MS };
  return { type: 'batch-finished', node: node.id, batch, done, total, rows };
};

describe('batches', () => {
  const microbatch = { batchSize: 'day', begin: 0, lookback: 1 } as const;
  const daily = modelOf('fct_events_daily', 'incremental', {
    config: { incremental_strategy: 'microbatch' },
    microbatch,
  });

  it('get the lines of a microbatch model (307-mb-partial, 310-mb-first-fails)', () => {
    const message = 'PARTIAL SUCCESS (3/4)';
    const result = resultOf(daily, { status: 'partial success', message });
    const [start, finish] = nodeEvents(result, 1, 1);
    const begun: VeloEvent = {
      type: 'batch-started',
      node: daily.id,
      batch: { start: Date.UTC(2024, 0, 5), end: Date.UTC(2024, 0, 6) },
      index: 1,
      total: 4,
    };
    const ended = (['success', 'error', 'skipped'] as const).map((status, at) => ({
      ...batchOf(daily, at + 1, 4, 7),
      status,
    }));
    const events = [startedEvent([daily]), start, begun, ...ended, finish] as VeloEvent[];
    expect(printLines(events).slice(4)).toEqual([
      'HH:MM:SS  1 of 1 START sql microbatch model main.fct_events_daily ........................ [RUN]',
      'HH:MM:SS  Batch 1 of 4 START batch 2024-01-05 of main.fct_events_daily ......................... [RUN]',
      'HH:MM:SS  Batch 1 of 4 OK created batch 2024-01-05 of main.fct_events_daily .................... [OK in N.NNs]',
      'HH:MM:SS  Batch 2 of 4 ERROR creating batch 2024-01-06 of main.fct_events_daily ................ [ERROR in N.NNs]',
      'HH:MM:SS  Batch 3 of 4 SKIP batch 2024-01-07 of main.fct_events_daily .......................... [SKIPPED in N.NNs]',
      'HH:MM:SS  1 of 1 PARTIALLY created sql microbatch model main.fct_events_daily ............ [PARTIAL SUCCESS (3/4) in N.NNs]',
    ]);
  });

  it('of an as-of model say how many rows they wrote', () => {
    const node = modelOf('trainer_velocity', 'incremental', { asOf });
    const [start, finish] = nodeEvents(resultOf(node, { message: 'INSERT 7' }), 1, 1);
    const events = [start, batchOf(node, 1, 2), batchOf(node, 2, 2, 7), finish] as VeloEvent[];
    expect(printLines([startedEvent([node]), ...events]).slice(5, 7)).toEqual([
      'HH:MM:SS  Batch 1 of 2 OK created batch 2024-01-05 of main.trainer_velocity .................... [OK in N.NNs]',
      'HH:MM:SS  Batch 2 of 2 OK created batch 2024-01-06 of main.trainer_velocity .................... [INSERT 7 in N.NNs]',
    ]);
  });

  it('are counted at the end, and told by tenths when there are many', () => {
    const node = modelOf('trainer_velocity', 'incremental', { asOf });
    const [start, finish] = nodeEvents(resultOf(node, { message: 'INSERT 12345' }), 1, 1);
    const batches = Array.from({ length: 100 }, (_, index) => batchOf(node, index + 1, 100));
    const lines = printLines([startedEvent([node]), start, ...batches, finish] as VeloEvent[]);
    expect(
      lines.filter((line) => line.includes('Batch')).map((line) => line.slice(10, 25)),
    ).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((n) =>
        `Batch ${n} of 100`.padEnd(15).slice(0, 15),
      ),
    );
    expect(lines.at(-1)).toContain('[INSERT 12345, 100 batches in N.NNs]');
  });

  it('a single one is not worth a line', () => {
    const node = modelOf('trainer_velocity', 'incremental', { asOf });
    const [start, finish] = nodeEvents(resultOf(node, { message: 'INSERT 3' }), 1, 1);
    const lines = printLines([
      startedEvent([node]),
      start,
      batchOf(node, 1, 1),
      finish,
    ] as VeloEvent[]);
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toContain('[INSERT 3 in N.NNs]');
  });
});

it('prints the time of the clock, in UTC', () => {
  const stream = fakeTerminal(80);
  const clock = fakeClock(Date.UTC(2024, 0, 10, 23, 59, 58, 900));
  const options = { stream, clock, style: PLAIN, projectDir: '.', targetPath: 'target' };
  const reporter = linesReporter.create(options);
  reporter.handle({ type: 'warning', message: 'No nodes selected!' });
  clock.advance(1200);
  reporter.handle({ type: 'message', message: 'Building catalog' });
  expect(stream.writes).toEqual([
    '23:59:58  [WARNING]: No nodes selected!\n',
    '00:00:00  Building catalog\n',
  ]);
});
