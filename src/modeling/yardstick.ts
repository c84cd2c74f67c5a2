import { quantile } from '../core/quantile.ts';
import { type AnswerKind, answerOf, mainName } from '../estimators/answers.ts';
import type { LabelledRows } from '../estimators/estimator.ts';
import { priorProbabilities } from '../estimators/prior.ts';
import { gammaDeviance, poissonDeviance, tweedieDeviance } from '../metrics/deviance.ts';
import { metrics } from '../metrics/index.ts';
import type { Target } from '../metrics/judged-rows.ts';
import { logLoss } from '../metrics/log-loss.ts';
import { meanAbsoluteError } from '../metrics/mean-absolute-error.ts';
import { meanAbsolutePercentageError } from '../metrics/mean-absolute-percentage-error.ts';
import type { Metric } from '../metrics/metric.ts';
import { multiLogLoss } from '../metrics/multi-log-loss.ts';
import { pinballLoss } from '../metrics/pinball-loss.ts';
import { rootMeanSquaredError } from '../metrics/root-mean-squared-error.ts';
import type { TrainSettings } from './train-settings.ts';

/** What models of an objective learn from, and how they are judged. */
export interface Yardstick {
  readonly kind: AnswerKind;
  /** What metrics call such a target. */
  readonly target: Target;
  /** What each target must be, for people and as a test. */
  readonly demand: { readonly words: string; readonly fits: (value: number) => boolean };
  readonly metrics: readonly Metric[];
  /** The one champions are chosen by: lower is better. */
  readonly decides: Metric;
  /** What one would say of `rows` without looking at their features. `learned`: targets that are known. */
  prior(rows: LabelledRows, learned: Float64Array, classes: number): Float64Array;
}

/** How models of an objective are judged; of one that foretells numbers by the loss it lowers. */
export function yardstickOf(
  settings: Pick<TrainSettings, 'objective' | 'params' | 'group'>,
): Yardstick {
  const { kind } = answerOf(settings.objective);
  if (kind === 'chance') return settings.group === undefined ? ALONE : IN_GROUPS;
  return kind === 'classes' ? CLASSES : numberYardstick(settings);
}

const ofTarget = (target: Target) => metrics.all().filter((metric) => metric.target === target);

const IN_GROUPS: Yardstick = {
  kind: 'chance',
  target: 'binary',
  demand: { words: '0 or 1', fits: (value) => value === 0 || value === 1 },
  metrics: ofTarget('binary'),
  decides: logLoss,
  prior: priorProbabilities,
};

/** Without groups the share of those that won. */
const ALONE: Yardstick = {
  ...IN_GROUPS,
  metrics: IN_GROUPS.metrics.filter(({ needsRaces }) => needsRaces !== true),
  prior: ({ count }, learned) => new Float64Array(count).fill(meanOf(learned)),
};

const CLASSES: Yardstick = {
  kind: 'classes',
  target: 'classes',
  demand: { words: 'a class', fits: Number.isInteger },
  metrics: ofTarget('classes'),
  decides: multiLogLoss,
  prior({ count }, learned, classes) {
    const shares = new Float64Array(classes);
    for (const code of learned) shares[code] = (shares[code] as number) + 1 / learned.length;
    return Float64Array.from(
      { length: count * classes },
      (_, at) => shares[at % classes] as number,
    );
  },
};

/** Of one objective: its loss as a metric, and the constant that lowers it most. */
interface NumberObjective {
  readonly decides: Metric;
  constant(learned: Float64Array): number;
  readonly demand?: Yardstick['demand'];
}

const atLeast0 = { words: '0 or more', fits: (value: number) => value >= 0 };

const median = (learned: Float64Array): number => quantileOf(learned, 0.5);

/** By LightGBM's own names; the settings of an objective are its parameters. */
const NUMBER_OBJECTIVES: Readonly<
  Record<string, (parameter: (name: string, otherwise: number) => number) => NumberObjective>
> = {
  regression: () => ({ decides: rootMeanSquaredError, constant: meanOf }),
  regression_l1: () => ({ decides: meanAbsoluteError, constant: median }),
  // Chosen where a few targets are far off: those do not decide, either.
  huber: () => ({ decides: meanAbsoluteError, constant: median }),
  fair: () => ({ decides: meanAbsoluteError, constant: median }),
  mape: () => ({
    decides: meanAbsolutePercentageError,
    constant: medianByInverse,
    demand: { words: 'other than 0, for errors as shares of it', fits: (value) => value !== 0 },
  }),
  poisson: () => ({ decides: poissonDeviance, constant: meanOf, demand: atLeast0 }),
  gamma: () => ({
    decides: gammaDeviance,
    constant: meanOf,
    demand: { words: 'above 0', fits: (value) => value > 0 },
  }),
  tweedie: (parameter) => ({
    decides: tweedieDeviance(parameter('tweedie_variance_power', 1.5)),
    constant: meanOf,
    demand: atLeast0,
  }),
  quantile(parameter) {
    const alpha = parameter('alpha', 0.9);
    return { decides: pinballLoss(alpha), constant: (learned) => quantileOf(learned, alpha) };
  },
};

function numberYardstick({
  objective,
  params,
}: Pick<TrainSettings, 'objective' | 'params'>): Yardstick {
  const parameter = (name: string, otherwise: number) => Number(params[name] ?? otherwise);
  const made = NUMBER_OBJECTIVES[mainName(objective)]?.(parameter);
  if (!made) throw new Error(`no yardstick for ${objective}`);
  const { decides, constant, demand = { words: 'a number', fits: Number.isFinite } } = made;
  return {
    kind: 'number',
    target: 'number',
    demand,
    metrics: [decides, ...ofTarget('number').filter(({ name }) => name !== decides.name)],
    decides,
    prior: ({ count }, learned) => new Float64Array(count).fill(constant(learned)),
  };
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const quantileOf = (values: Float64Array, q: number): number =>
  quantile(Float64Array.from(values).sort(), q);

/** The constant with the smallest sum of errors as shares: the median when each value weighs 1/|value|. */
function medianByInverse(values: Float64Array): number {
  const ascending = Float64Array.from(values).sort();
  const half = ascending.reduce((sum, value) => sum + 1 / Math.abs(value), 0) / 2;
  let weight = 0;
  return (
    ascending.find((value) => {
      weight += 1 / Math.abs(value);
      return weight >= half;
    }) ?? Number.NaN
  );
}
