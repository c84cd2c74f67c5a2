import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { TrainSettings } from '../modeling/train-settings.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';

/** As many trees as LightGBM grows when nobody says. */
const ROUNDS = 100;

/** @throws ProjectError 'model-config' for what a train node cannot do without */
export function trainSettingsOf(
  name: string,
  config: ModelConfig,
  spanOf: (key: string) => Span,
): TrainSettings {
  const need = <T>(key: 'target' | 'event_time', value: T | null | undefined, hint: string): T => {
    if (value !== undefined && value !== null) return value;
    throw new ProjectError('model-config', `materialized 'train' needs ${key}`, {
      span: spanOf('materialized'),
      hint,
    });
  };
  const { features } = config;
  const isList = Array.isArray(features);
  return {
    name: config.registered_name ?? name,
    estimator: config.estimator ?? 'lightgbm',
    objective: config.objective ?? 'binary',
    target: need('target', config.target, "add target='won': the column to foretell"),
    eventTime: need(
      'event_time',
      config.event_time,
      "add event_time='race_date': rows are split by time",
    ),
    group: config.group_column ?? undefined,
    weight: config.weight ?? undefined,
    price: config.price ?? undefined,
    key: uniqueKeyOf(config),
    include: isList ? features : features?.include,
    exclude: isList ? [] : (features?.exclude ?? []),
    categorical: config.categorical ?? [],
    split: config.split ?? {},
    params: config.params ?? {},
    rounds: config.rounds ?? ROUNDS,
    earlyStopping: config.early_stopping ?? 0,
    calibration: config.calibration ?? 'auto',
    normaliseWithin: config.normalise_within ?? undefined,
    seed: config.seed ?? 0,
    gate: config.gate ?? {},
    tune: config.tune,
    refit: config.refit ?? false,
    span: spanOf('materialized'),
  };
}
