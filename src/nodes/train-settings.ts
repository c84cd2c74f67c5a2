import { ProjectError } from '../core/errors.ts';
import { type LengthOfTime, parseLength } from '../core/length-of-time.ts';
import type { Span } from '../core/span.ts';
import { checkObjective, usualCalibration } from '../modeling/check-objective.ts';
import { permutationSettingsOf } from '../modeling/permutation-settings.ts';
import type { TrainSettings } from '../modeling/train-settings.ts';
import { tuneSettingsOf } from '../modeling/tune-settings.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';
import { locallyAt } from './errors-at-node.ts';

/** As many trees as LightGBM grows when nobody says. */
const ROUNDS = 100;

/** @throws ProjectError 'model-config' for what a train node cannot do without */
export function trainSettingsOf(
  name: string,
  config: ModelConfig,
  spanOf: (key: string) => Span,
): TrainSettings {
  const { group_column: group, normalise_within: within } = config;
  if (within && within !== group) {
    throw new ProjectError('model-config', `normalise_within '${within}' is not the group_column`, {
      span: spanOf('normalise_within'),
      hint: `add group_column='${within}': chances add up to 1 within the groups that are judged`,
    });
  }
  const objective = config.objective ?? 'binary';
  const settings: TrainSettings = {
    name: config.registered_name ?? name,
    estimator: config.estimator ?? 'lightgbm',
    objective,
    ...columnsOf(config, spanOf),
    ...featuresOf(config),
    split: config.split ?? {},
    params: config.params ?? {},
    tune: undefined,
    permutation: undefined,
    rounds: config.rounds ?? ROUNDS,
    earlyStopping: config.early_stopping ?? 0,
    calibration: config.calibration ?? usualCalibration(objective),
    normaliseWithin: config.normalise_within ?? undefined,
    seed: config.seed ?? 0,
    gate: config.gate ?? {},
    retrainAfter: lengthOf(config.retrain_after, () => spanOf('retrain_after')),
    refit: config.refit ?? false,
    span: spanOf('materialized'),
  };
  checkObjective(settings, spanOf);
  const { tune, permutation = false } = config;
  return {
    ...settings,
    tune:
      tune &&
      locallyAt(
        () => spanOf('tune'),
        () => tuneSettingsOf(tune, settings),
      ),
    permutation: locallyAt(
      () => spanOf('permutation'),
      () => permutationSettingsOf(permutation, settings),
    ),
  };
}

function columnsOf(config: ModelConfig, spanOf: (key: string) => Span) {
  const need = (key: 'target' | 'event_time', hint: string): string => {
    const value = config[key];
    if (value !== undefined && value !== null) return value;
    throw new ProjectError('model-config', `materialized 'train' needs ${key}`, {
      span: spanOf('materialized'),
      hint,
    });
  };
  return {
    target: need('target', "add target='won': the column to foretell"),
    eventTime: need('event_time', "add event_time='race_date': rows are split by time"),
    group: config.group_column ?? undefined,
    weight: config.weight ?? undefined,
    price: config.price ?? undefined,
    key: uniqueKeyOf(config),
  };
}

function featuresOf({ features, categorical = [] }: ModelConfig) {
  if (Array.isArray(features)) return { include: features, exclude: [], categorical };
  return { include: features?.include, exclude: features?.exclude ?? [], categorical };
}

function lengthOf(text: string | null | undefined, span: () => Span): LengthOfTime | undefined {
  if (text === null || text === undefined) return undefined;
  const length = parseLength(text);
  if (length) return length;
  throw new ProjectError('invalid-config', `retrain_after '${text}' is not a length of time`, {
    span: span(),
    hint: "write it as '30 days', '8 weeks' or '6 months'",
  });
}
