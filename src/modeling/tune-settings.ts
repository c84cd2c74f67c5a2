import * as z from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import { readSetting } from '../core/read-setting.ts';
import { mainName } from '../estimators/answers.ts';
import { estimators } from '../estimators/index.ts';
import type { Metric } from '../metrics/metric.ts';
import { searchMethods } from '../search/index.ts';
import type { SearchBudget } from '../search/search.ts';
import {
  type Choice,
  type ParamValue,
  type Range,
  readSearchSpace,
  type SearchSpace,
} from '../search/search-space.ts';
import type { TrainSettings } from './train-settings.ts';
import { yardstickOf } from './yardstick.ts';

/** What is looked for, how, and how long. */
export interface TuneSettings {
  readonly space: SearchSpace;
  /** A search method's name. */
  readonly method: string;
  readonly budget: SearchBudget;
  /** What is measured of the out-of-fold answers. */
  readonly metric: Metric;
}

const schema = z.strictObject({
  space: z.record(z.string(), z.unknown()),
  method: z.string().default('tpe'),
  trials: z.int().positive().optional(),
  seconds: z.number().positive().optional(),
  patience: z.int().positive().optional(),
  metric: z.string().optional(),
});

const EXAMPLE =
  "tune={'trials': 30, 'space': {'learning_rate': {'low': 0.01, 'high': 0.2, 'log': true}}}";

/**
 * `tune` of a train node, whose other settings are read.
 * @throws ConfigError 'invalid-config', 'unknown-name', 'unknown-config' for parameters the estimator does not take
 */
export function tuneSettingsOf(
  tune: Readonly<Record<string, unknown>>,
  settings: TrainSettings,
): TuneSettings {
  const read = readSetting(schema, 'tune', tune, { hint: EXAMPLE });
  const { method, trials, seconds, patience } = read;
  if (trials === undefined && seconds === undefined) {
    throw invalid('tune says neither how many trials nor how many seconds', EXAMPLE);
  }
  searchMethods.get(method);
  return {
    space: spaceOf(read.space, settings),
    method,
    budget: { trials, seconds, patience },
    metric: metricOf(read.metric, settings),
  };
}

/** Whole where the parameter is, and with ends and choices the estimator takes. */
function spaceOf(spec: unknown, settings: TrainSettings): SearchSpace {
  const estimator = estimators.get(settings.estimator);
  const space = Object.entries(readSearchSpace(spec)).map(([name, dimension]) => {
    checkDimension(name, settings);
    for (const value of endsOf(dimension)) estimator.checkParams({ [name]: value }, []);
    const isRange = !('choices' in dimension);
    return [
      name,
      isRange && estimator.isWhole(name) ? { ...dimension, integer: true } : dimension,
    ] as const;
  });
  return Object.fromEntries(space);
}

const endsOf = (dimension: Range | Choice): readonly ParamValue[] =>
  'choices' in dimension ? dimension.choices : [dimension.low, dimension.high];

/** What the loss is measured by, of objectives that have such a parameter. */
const MEASURES: Readonly<Record<string, string>> = {
  quantile: 'alpha',
  tweedie: 'tweedie_variance_power',
};

function checkDimension(name: string, { params, objective }: TrainSettings): void {
  if (Object.hasOwn(params, name)) {
    throw invalid(`'${name}' is in params and in tune`, 'leave it out of params');
  }
  if (MEASURES[mainName(objective)] !== name) return;
  throw invalid(
    `tune: '${name}' says what '${objective}' is measured by, and cannot be looked for`,
    'set it in params',
  );
}

/** Of an order within groups how good the order is: its scores are on no scale before they are calibrated. */
function metricOf(name: string | undefined, settings: TrainSettings): Metric {
  const { metrics, decides } = yardstickOf(settings);
  const isOrder = ['lambdarank', 'rank_xendcg'].includes(mainName(settings.objective));
  const wanted = name ?? (isOrder ? 'within_race_auc' : decides.name);
  const found = metrics.find((metric) => metric.name === wanted);
  if (found) return found;
  const known = metrics.map((metric) => metric.name);
  throw invalid(
    `tune: unknown metric '${wanted}'`,
    didYouMean(wanted, known) ?? `known: ${known.join(', ')}`,
  );
}

const invalid = (message: string, hint: string): ConfigError =>
  new ConfigError('invalid-config', message, { hint });
