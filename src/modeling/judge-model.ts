import type { Estimate, Estimates, ModelReport } from '../core/model-version.ts';
import { estimate, pairedDifference, type Sample } from '../metrics/bootstrap.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { judgedRows } from '../metrics/judged-rows.ts';
import { pick, pickInts } from './row-subset.ts';

/** Rows nobody has trained on, and what each model says of them. */
export interface JudgedTest {
  /** 0 or 1. */
  readonly target: Float64Array;
  /** Days since 1970-01-01. */
  readonly days: Int32Array;
  /** The race of each row; undefined: each row is one of its own. */
  readonly groups: Int32Array | undefined;
  readonly model: Float64Array;
  /**
   * Probabilities by baseline: `prior`, `market`, `champion`. Rows it says nothing of (NaN) are left out of the
   * comparison with it, for both.
   */
  readonly baselines: ReadonlyMap<string, Float64Array>;
  readonly seed: number;
}

/** Metrics of the model and its baselines, and how they differ on the same rows and draws of days. */
export type Judgement = Pick<ModelReport, 'model' | 'baselines' | 'differences'>;

/** Metrics with intervals by bootstrap over days. @throws ProjectError 'unusable-predictions' */
export function judgeModel(test: JudgedTest): Judgement {
  const { model } = samplesOn(test, new Map(), undefined);
  const baselines: Record<string, Estimates> = {};
  const differences: Record<string, Estimate> = {};
  for (const [name, p] of test.baselines) {
    const known = knownRows(p);
    if (known?.length === 0) continue;
    const both = samplesOn(test, new Map([[name, p]]), known);
    const theirs = both[name] ?? new Map<string, Sample>();
    baselines[name] = estimatesOf(theirs);
    for (const [metric, own] of both.model) {
      const sample = theirs.get(metric);
      if (sample)
        differences[`${metric} - ${name}.${metric}`] = stated(pairedDifference(own, sample));
    }
  }
  return { model: estimatesOf(model), baselines, differences };
}

/** Undefined: all of them. */
function knownRows(p: Float64Array): Int32Array | undefined {
  if (!p.some(Number.isNaN)) return undefined;
  return Int32Array.from(p, (_, row) => row).filter((row) => !Number.isNaN(p[row]));
}

type Samples = ReadonlyMap<string, Sample>;

function samplesOn(
  { target, days, groups, model, seed }: JudgedTest,
  others: ReadonlyMap<string, Float64Array>,
  rows: Int32Array | undefined,
): { readonly model: Samples } & Readonly<Record<string, Samples>> {
  const race = groups ?? Int32Array.from(target, (_, row) => row);
  const some = (values: Float64Array) => (rows ? pick(values, rows) : values);
  const ints = (values: Int32Array) => (rows ? pickInts(values, rows) : values);
  const judged = judgedRows({ y: some(target), race: ints(race), day: ints(days) });
  const predictions = new Map([...others, ['model', model] as const]);
  const evaluation = evaluate(
    new Map([...predictions].map(([name, p]) => [name, some(p)])),
    judged,
    { seed },
  );
  return { ...Object.fromEntries(evaluation), model: evaluation.get('model') ?? new Map() };
}

const estimatesOf = (samples: Samples): Estimates =>
  Object.fromEntries([...samples].map(([metric, sample]) => [metric, stated(sample)]));

/** An estimate as it is kept: JSON has no NaN, an interval of too few days is left out. */
function stated(sample: Sample): Estimate {
  const { value, lower, upper } = estimate(sample);
  return Number.isFinite(lower) && Number.isFinite(upper) ? { value, lower, upper } : { value };
}
