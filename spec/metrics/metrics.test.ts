import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/metrics/bootstrap.ts';
import { gammaDeviance, poissonDeviance, tweedieDeviance } from '../../src/metrics/deviance.ts';
import { metrics } from '../../src/metrics/index.ts';
import { judgedRows, type Target } from '../../src/metrics/judged-rows.ts';
import { ks } from '../../src/metrics/kolmogorov-smirnov.ts';
import { meanAbsolutePercentageError } from '../../src/metrics/mean-absolute-percentage-error.ts';
import { eachDayOnce, type Metric } from '../../src/metrics/metric.ts';
import { pinballLoss } from '../../src/metrics/pinball-loss.ts';
import { psi } from '../../src/metrics/population-stability.ts';

// What scikit-learn, scipy and numpy make of the same rows: record.py.
interface Recorded {
  readonly rows: Readonly<Record<'race' | 'day' | 'y' | 'model' | 'prior', readonly number[]>>;
  readonly model: Readonly<Record<string, number>>;
  readonly prior: Readonly<Record<string, number>>;
  readonly draws: readonly {
    readonly times: readonly number[];
    readonly model: Readonly<Record<string, number>>;
  }[];
  readonly number: {
    readonly y: readonly number[];
    readonly p: readonly number[];
    readonly all: Readonly<Record<string, number>>;
    readonly drawn: readonly Readonly<Record<string, number>>[];
  };
  readonly percentiles: Readonly<Record<'values' | '95' | '90', readonly number[]>>;
}

interface Drift {
  readonly name: string;
  readonly reference: readonly (number | null)[];
  readonly current: readonly (number | null)[];
  readonly psi: number;
  readonly statistic: number;
  readonly pValue: number;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`expected/${name}.json`, import.meta.url), 'utf8'));
const recorded = read('metrics') as Recorded;
const rows = judgedRows(recorded.rows);
const values = (column: readonly (number | null)[]): Float64Array =>
  Float64Array.from(column, (value) => value ?? Number.NaN);

const ofTarget = (target: Target) => metrics.all().filter((metric) => metric.target === target);

describe.each(ofTarget('binary'))('$name', (metric) => {
  it.each(['model', 'prior'] as const)('of the %s is what Python computes', (model) => {
    const measure = metric.prepare(values(recorded.rows[model]), rows);
    expect(measure(eachDayOnce(rows.days.count))).toBeCloseTo(
      recorded[model][metric.name] ?? Number.NaN,
      12,
    );
  });

  it.each(recorded.draws)('of days drawn $times is that of copies of their rows', (draw) => {
    const measure = metric.prepare(values(recorded.rows.model), rows);
    expect(measure(Int32Array.from(draw.times))).toBeCloseTo(
      draw.model[metric.name] ?? Number.NaN,
      12,
    );
  });
});

describe.each(ofTarget('number'))('$name', (metric) => {
  const { y, p, all, drawn } = recorded.number;
  const measure = metric.prepare(values(p), judgedRows({ ...recorded.rows, y }, 'number'));

  it('is what Python computes', () => {
    expect(measure(eachDayOnce(rows.days.count))).toBeCloseTo(all[metric.name] ?? Number.NaN, 12);
  });

  it('of drawn days is that of copies of their rows', () => {
    expect(recorded.draws.map(({ times }) => measure(Int32Array.from(times)))).toEqual(
      drawn.map((expected) => expect.closeTo(expected[metric.name] ?? Number.NaN, 11)),
    );
  });
});

interface OfObjective {
  readonly name: string;
  readonly setting?: number;
  readonly y: readonly number[];
  readonly p: readonly (readonly number[])[] | readonly number[];
  readonly all: number;
  readonly drawn: readonly number[];
}

const byName: Readonly<Record<string, (setting: number) => Metric>> = {
  poisson_deviance: () => poissonDeviance,
  gamma_deviance: () => gammaDeviance,
  tweedie_deviance: tweedieDeviance,
  mape: () => meanAbsolutePercentageError,
  pinball: pinballLoss,
};

describe.each(read('objectives') as readonly OfObjective[])('$name $setting', (one) => {
  const metric = byName[one.name]?.(one.setting ?? Number.NaN) ?? metrics.get(one.name);
  const judged = judgedRows(
    { ...recorded.rows, y: one.y, ...(metric.target === 'classes' ? { classes: 4 } : {}) },
    metric.target,
  );
  const measure = metric.prepare(values(one.p.flat()), judged);

  it('is what scikit-learn computes', () => {
    expect(measure(eachDayOnce(judged.days.count)) / one.all).toBeCloseTo(1, 12);
  });

  it('of drawn days is that of copies of their rows', () => {
    expect(recorded.draws.map(({ times }) => measure(Int32Array.from(times)))).toEqual(
      one.drawn.map((expected) => expect.closeTo(expected, 11)),
    );
  });
});

it.each([
  ['95', 0.95],
  ['90', 0.9],
] as const)('an interval of %s %% ends where numpy.percentile does', (key, level) => {
  const draws = values(recorded.percentiles.values);
  const { lower, upper } = estimate({ value: 0, draws }, level);
  expect([lower, upper]).toEqual([
    expect.closeTo(recorded.percentiles[key][0] ?? Number.NaN, 13),
    expect.closeTo(recorded.percentiles[key][1] ?? Number.NaN, 13),
  ]);
});

describe.each(read('drift') as readonly Drift[])('drift, $name', (drift) => {
  it('has the PSI of numpy’s quantiles and counts', () => {
    expect(psi(values(drift.reference), values(drift.current))).toBeCloseTo(drift.psi, 12);
  });

  it('has scipy’s Kolmogorov–Smirnov statistic and p-value', () => {
    const { statistic, pValue } = ks(values(drift.reference), values(drift.current));
    expect(statistic).toBeCloseTo(drift.statistic, 14);
    expect(pValue).toBeCloseTo(drift.pValue, 12);
  });
});
