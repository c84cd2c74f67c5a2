/** LightGBM's objectives by all their names: the name it writes itself comes first in each list. From `config.h` of 4.7.0. */
const OBJECTIVES: readonly (readonly string[])[] = [
  [
    'regression',
    'regression_l2',
    'l2',
    'mean_squared_error',
    'mse',
    'l2_root',
    'rmse',
    'root_mean_squared_error',
  ],
  ['regression_l1', 'l1', 'mean_absolute_error', 'mae'],
  ['huber'],
  ['fair'],
  ['poisson'],
  ['quantile'],
  ['mape', 'mean_absolute_percentage_error'],
  ['gamma'],
  ['tweedie'],
  ['binary'],
  ['multiclass', 'softmax'],
  ['multiclassova', 'multiclass_ova', 'ova', 'ovr'],
  ['cross_entropy', 'xentropy'],
  ['cross_entropy_lambda', 'xentlambda'],
  ['lambdarank'],
  ['rank_xendcg', 'xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart'],
];

/** Metrics besides those named as an objective. */
const METRICS: readonly string[] = [
  'auc',
  'auc_mu',
  'average_precision',
  'binary_error',
  'binary_logloss',
  'gamma_deviance',
  'kldiv',
  'kullback_leibler',
  'map',
  'mean_average_precision',
  'multi_error',
  'multi_logloss',
  'ndcg',
  'r2',
];

/** `none`: no metric at all. */
const NO_METRIC = ['none', 'null', 'na'];

export const objectiveNames: readonly string[] = OBJECTIVES.flat();
export const metricNames: readonly string[] = [...METRICS, ...objectiveNames, ...NO_METRIC];

/** LightGBM's own name of an objective; undefined for one it does not have. */
export function canonicalObjective(name: string): string | undefined {
  return OBJECTIVES.find((names) => names.includes(name))?.[0];
}

/** What LightGBM wants of the target. */
export type TargetKind = 'zero-one' | 'fraction' | 'classes' | 'ranks' | 'positive' | 'number';

const TARGETS: Readonly<Record<string, TargetKind>> = {
  binary: 'zero-one',
  cross_entropy: 'fraction',
  cross_entropy_lambda: 'fraction',
  multiclass: 'classes',
  multiclassova: 'classes',
  lambdarank: 'ranks',
  rank_xendcg: 'ranks',
  poisson: 'positive',
  gamma: 'positive',
  tweedie: 'positive',
};

/** @param objective LightGBM's own name of it */
export const targetKind = (objective: string): TargetKind => TARGETS[objective] ?? 'number';
