import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { type ModelConfig, uniqueKeyOf } from './config-schemas.ts';

/** What a train node is asked for, defaults filled in. */
export interface TrainSettings {
  /** Name in the registry. */
  readonly name: string;
  readonly estimator: string;
  readonly objective: string;
  readonly target: string;
  /** Column that dates the rows. */
  readonly eventTime: string;
  readonly group: string | undefined;
  readonly weight: string | undefined;
  readonly price: string | undefined;
  readonly key: readonly string[];
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
  readonly split: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly rounds: number;
  readonly earlyStopping: number;
  readonly calibration: string | Readonly<Record<string, unknown>>;
  readonly normaliseWithin: string | undefined;
  readonly seed: number;
  readonly gate: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tune: Readonly<Record<string, unknown>> | undefined;
  readonly refit: boolean;
}

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
    eventTime: need('event_time', config.event_time, "add event_time='race_date': rows are split by time"),
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
  };
}
