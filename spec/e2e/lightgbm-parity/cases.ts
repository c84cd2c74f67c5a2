import type { Parameters } from '../../../src/lightgbm/parameters.ts';

export interface Case {
  readonly objective: string;
  readonly target: 'binary' | 'classes' | 'number' | 'count' | 'rank';
  /** On top of what both sides share. */
  readonly params: Parameters;
  readonly weights: boolean;
  readonly groups: boolean;
  readonly categorical: readonly number[];
  readonly rounds: number;
  readonly stop:
    | { readonly rounds: number; readonly firstMetricOnly: boolean; readonly minDelta: number }
    | undefined;
}

const plain = { weights: false, groups: false, categorical: [], rounds: 30, stop: undefined };
const sampled = {
  num_leaves: 15,
  bagging_fraction: 0.8,
  bagging_freq: 1,
  feature_fraction: 0.8,
} as const;

/** All have missing values. */
export const CASES: Readonly<Record<string, Case>> = {
  'binary, weights, categories, early stopping': {
    objective: 'binary',
    target: 'binary',
    params: { ...sampled, metric: ['auc', 'binary_logloss'] },
    weights: true,
    groups: false,
    categorical: [0, 1],
    rounds: 300,
    stop: { rounds: 8, firstMetricOnly: false, minDelta: 0 },
  },
  'multiclass, early stopping with a least improvement': {
    ...plain,
    objective: 'multiclass',
    target: 'classes',
    params: { ...sampled, metric: ['multi_logloss'] },
    categorical: [0],
    rounds: 300,
    stop: { rounds: 5, firstMetricOnly: false, minDelta: 0.001 },
  },
  'regression, weights': {
    ...plain,
    objective: 'regression',
    target: 'number',
    // Bins from a sample of the rows: both sides draw the same.
    params: {
      lambda_l2: 1.5,
      min_data_in_leaf: 40,
      bin_construct_sample_cnt: 700,
      metric: ['l2', 'l1'],
    },
    weights: true,
  },
  'lambdarank, early stopping on the first metric': {
    ...plain,
    objective: 'lambdarank',
    target: 'rank',
    params: { ...sampled, metric: ['ndcg', 'map'], eval_at: [3, 5] },
    groups: true,
    categorical: [0, 1],
    rounds: 300,
    stop: { rounds: 6, firstMetricOnly: true, minDelta: 0 },
  },
  poisson: {
    ...plain,
    objective: 'poisson',
    target: 'count',
    params: { extra_trees: true, max_depth: 4 },
  },
  'quantile, dart': {
    ...plain,
    objective: 'quantile',
    target: 'number',
    params: { alpha: 0.25, boosting: 'dart', drop_rate: 0.2 },
  },
  'stopping that is never met': {
    ...plain,
    objective: 'binary',
    target: 'binary',
    params: { learning_rate: 0.02, metric: ['binary_logloss', 'auc'] },
    rounds: 12,
    stop: { rounds: 50, firstMetricOnly: false, minDelta: 0 },
  },
};
