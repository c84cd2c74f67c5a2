import type { Estimate, Estimates, ModelReport } from '../core/model-version.ts';
import { metricsIn } from '../gates/expression.ts';
import { type GateResult, judgeGates } from '../gates/judge-gates.ts';
import type { Gate } from '../gates/read-gates.ts';
import { estimate, pairedDifference, type Sample } from '../metrics/bootstrap.ts';
import { type Evaluation, evaluate } from '../metrics/evaluate.ts';
import { judgedRows, type Target } from '../metrics/judged-rows.ts';
import type { Metric } from '../metrics/metric.ts';
import { pick, pickInts } from './row-subset.ts';

/** Rows nobody has trained on, and what each model says of them. */
export interface JudgedTest {
  /** 0 or 1, numbers, or the numbers of classes: as `kind` says. */
  readonly target: Float64Array;
  readonly kind: Target;
  /** How many there are, of classes. */
  readonly classes: number | undefined;
  readonly metrics: readonly Metric[];
  /** Days since 1970-01-01. */
  readonly days: Int32Array;
  /** The race of each row; undefined: each row is one of its own. */
  readonly groups: Int32Array | undefined;
  readonly model: Float64Array;
  /**
   * Answers by baseline: `prior`, `market`, `champion`. Rows it says nothing of (NaN), as a market may, are left out
   * of the comparison with it, for both.
   */
  readonly baselines: ReadonlyMap<string, Float64Array>;
  readonly seed: number;
}

/** Metrics of the model and its baselines, and how they differ on the same rows and draws of days. */
export interface Judgement {
  readonly report: Pick<ModelReport, 'model' | 'baselines' | 'differences'>;
  /** What a gate comes to. One that names several baselines is judged on the rows of the first. */
  judge(gate: Gate): GateResult;
}

const MODEL = 'model';

/** Models a gate may name before there are any. */
const OPTIONAL = ['champion'];

/** Metrics with intervals by bootstrap over days. @throws ProjectError 'unusable-predictions' */
export function judgeModel(test: JudgedTest): Judgement {
  const complete = new Map([...test.baselines].filter(([, p]) => !p.some(Number.isNaN)));
  const all = evaluationOf(test, complete, undefined);
  const evaluations = new Map<string, Evaluation>();
  for (const [name, p] of test.baselines) {
    const rows = Int32Array.from(p, (_, row) => row).filter((row) => !Number.isNaN(p[row]));
    if (complete.has(name)) evaluations.set(name, all);
    else if (rows.length > 0) evaluations.set(name, evaluationOf(test, new Map([[name, p]]), rows));
  }
  const baselines: Record<string, Estimates> = {};
  const differences: Record<string, Estimate> = {};
  for (const [name, evaluation] of evaluations) {
    const theirs = samplesOf(evaluation, name);
    baselines[name] = estimatesOf(theirs);
    for (const [metric, own] of samplesOf(evaluation, MODEL)) {
      const sample = theirs.get(metric);
      if (!sample) continue;
      const difference = stated(pairedDifference(own, sample));
      if (difference) differences[`${metric} - ${name}.${metric}`] = difference;
    }
  }
  return {
    report: { model: estimatesOf(samplesOf(all, MODEL)), baselines, differences },
    judge(gate) {
      const named = metricsIn(gate.expression).flatMap(({ model }) => model ?? []);
      const evaluation = evaluations.get(named[0] ?? '') ?? all;
      const [result] = judgeGates([gate], evaluation, MODEL, { optional: OPTIONAL });
      return result as GateResult;
    },
  };
}

type Samples = ReadonlyMap<string, Sample>;

const samplesOf = (evaluation: Evaluation, name: string): Samples =>
  evaluation.get(name) ?? new Map<string, Sample>();

function evaluationOf(
  { target, kind, classes, metrics: chosen, days, groups, model, seed }: JudgedTest,
  others: ReadonlyMap<string, Float64Array>,
  rows: Int32Array | undefined,
): Evaluation {
  const race = groups ?? Int32Array.from(target, (_, row) => row);
  const some = (values: Float64Array) => (rows ? pick(values, rows) : values);
  const ints = (values: Int32Array) => (rows ? pickInts(values, rows) : values);
  const judged = judgedRows({ y: some(target), classes, race: ints(race), day: ints(days) }, kind);
  const predictions = [[MODEL, model] as const, ...others];
  return evaluate(new Map(predictions.map(([name, p]) => [name, some(p)])), judged, {
    seed,
    chosen,
  });
}

const estimatesOf = (samples: Samples): Estimates =>
  Object.fromEntries(
    [...samples].flatMap(([metric, sample]) => {
      const known = stated(sample);
      return known ? [[metric, known]] : [];
    }),
  );

/** An estimate as it is kept: JSON has no NaN, so what has no value is not there, nor an interval of too few days. */
function stated(sample: Sample): Estimate | undefined {
  const { value, lower, upper } = estimate(sample);
  if (!Number.isFinite(value)) return undefined;
  return Number.isFinite(lower) && Number.isFinite(upper) ? { value, lower, upper } : { value };
}
