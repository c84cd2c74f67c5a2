import * as z from 'zod';

/*
 * Settings of train, score and backtest nodes. Their details (splits, gates, calibration, staking) are looked at by
 * what does them, which knows the names it can take.
 */

const names = z.array(z.string());
const record = z.record(z.string(), z.unknown());
const modelName = z
  .string()
  .regex(/^[A-Za-z_][\w-]*$/, 'must be letters, digits, underscores and hyphens');

/** Of materialized='train'. `group` is dbt's owner of a node; LightGBM's word for rows that belong together is group_column. */
export const trainSettings = {
  /** Name in the registry; the node's own when absent. */
  registered_name: modelName.optional(),
  estimator: z.string().optional(),
  objective: z.string().optional(),
  target: z.string().optional(),
  group_column: z.string().nullish(),
  weight: z.string().nullish(),
  price: z.string().nullish(),
  features: z
    .union([names, z.strictObject({ include: names.optional(), exclude: names.default([]) })])
    .optional(),
  categorical: names.optional(),
  split: record.optional(),
  params: record.optional(),
  rounds: z.int().positive().optional(),
  early_stopping: z.int().nonnegative().optional(),
  /** Parameters to look for: a space of them, and how long. */
  tune: record.optional(),
  calibration: z.union([z.string(), record]).optional(),
  normalise_within: z.string().nullish(),
  seed: z.int().nonnegative().optional(),
  /** Measures what the model loses without each feature; true: with all defaults. */
  permutation: z.union([z.boolean(), record]).optional(),
  gate: z.record(z.string(), record).optional(),
  /** Length of time: new rows alone train it again only when they are of days so much later than those it was judged on. */
  retrain_after: z.string().nullish(),
  /** True: once judged, trained again on every row for as many rounds. */
  refit: z.boolean().optional(),
};

/** Of materialized='score'. */
export const scoreSettings = {
  /** `ref('win_model')`, or a name of the registry. */
  model: z.string().optional(),
  /** `champion`, another alias, a number, `as_of`: who was champion on the row's date, or `folds`: a model that did not see it. */
  version: z.union([z.string(), z.int().positive()]).optional(),
  /** Columns of the SELECT that are kept beside the scores. */
  keep: names.optional(),
  explain: z.int().nonnegative().optional(),
  pricing: record.optional(),
};

/** Of materialized='backtest'. */
export const backtestSettings = {
  bank: z.number().positive().optional(),
  staking: record.optional(),
  commission: z.number().min(0).lt(1).optional(),
  closing_price: z.string().nullish(),
  bankroll: z.enum(['flat', 'compound']).optional(),
  /** Share of the odds less 1 lost between the price seen and taken. */
  slippage: z.number().min(0).max(1).optional(),
  /** Names of the SELECT's columns where they are not the usual ones. */
  columns: z.record(z.string(), z.string()).optional(),
  rules: record.optional(),
};
