import { expect, it } from 'vitest';
import type { AsOf } from '../../core/as-of.ts';
import { PLAIN } from '../terminal/style.ts';
import { displayWidth } from '../terminal/width.ts';
import { renderPlan } from './plan-table.ts';
import { manifestOf, modelOf, nodeOf, stepOf } from './run-fixture.ts';

const asOf: AsOf = {
  column: 'as_of_date',
  grain: 'day',
  begin: Date.UTC(2016, 0, 1),
  lookback: [],
  batchSize: 'auto',
  dependsOnPast: false,
  onChange: 'rebuild',
  ahead: false,
};
const [start, end] = [Date.UTC(2016, 0, 1), Date.UTC(2025, 6, 17)];
const velocity = modelOf('trainer_velocity', 'incremental', { asOf });
const gaps = modelOf('jockey_velocity', 'incremental', { asOf });
const dataset = modelOf('training_dataset', 'table');
const test = nodeOf('test', 'unique_runs');
const old = ['a', 'b'].map((name) => modelOf(name, 'view'));
const manifest = manifestOf([velocity, gaps, dataset, test, ...old]);

const plan = {
  toMeasure: [],
  dated: new Map(),
  leftStale: new Map(),
  measured: new Map(),
  judging: new Map(),
  versions: new Map(),
  asOfEnd: end,
  steps: [
    stepOf(velocity, { batches: [{ start, end }] }),
    stepOf(gaps, {
      batches: [
        { start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 2) },
        { start: Date.UTC(2024, 0, 2), end: Date.UTC(2024, 0, 4) },
        { start: Date.UTC(2025, 0, 1), end: Date.UTC(2025, 0, 2) },
      ],
      reasons: [{ code: 'gap', text: 'gap' }],
    }),
    stepOf(dataset, {
      replace: true,
      reasons: [
        { code: 'code-changed', text: 'SQL' },
        { code: 'input-changed', text: 'trainer_velocity' },
      ],
    }),
    stepOf(test, { reasons: [{ code: 'test-pending', text: 'test pending' }] }),
    ...old.map((node) => stepOf(node, { action: 'reuse', reasons: [] })),
  ],
};

it('says of each step what, which range, how many statements and why', () => {
  // 2016-01-01 to 2025-07-16: 9 years of which 3 are leap, and 31+28+31+30+31+30+16 days of 2025: 3,288 + 197.
  expect(renderPlan(plan, manifest, 130, PLAIN).split('\n')).toEqual([
    'node              what     range                                 SQL  why',
    '----------------  -------  ------------------------------------  ---  --------------------------------------------------',
    'trainer_velocity  insert   2016-01-01 … 2025-07-16 (3,485 days)    1  new',
    'jockey_velocity   insert   2 ranges (4 days)                       3  gap',
    'training_dataset  replace                                          1  code changed: SQL; input changed: trainer_velocity',
    'unique_runs       test                                             1  test pending',
    '',
    '3 nodes to build, 1 test to run, 6 statements, 2 nodes unchanged, as of 2025-07-16.',
  ]);
});

it.each([60, 80, 100, 140])('fits %i cells', (width) => {
  const lines = renderPlan(plan, manifest, width, PLAIN).split('\n').slice(0, -1);
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  expect(lines[2]).toContain('2016-01-01 … 2025-07-16');
});

it('has one line when there is nothing to do', () => {
  const unchanged = { ...plan, steps: plan.steps.slice(-2) };
  expect(renderPlan(unchanged, manifest, 80, PLAIN)).toBe(
    'Nothing to do: all 2 nodes are up to date, as of 2025-07-16.',
  );
});
