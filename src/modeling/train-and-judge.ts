import type { TypedColumn, TypedColumns } from '../core/columns.ts';
import type { ModelReport, RegistryContent } from '../core/model-version.ts';
import type { LabelledRows } from '../estimators/estimator.ts';
import { marketProbabilities } from '../estimators/market.ts';
import { priorProbabilities } from '../estimators/prior.ts';
import { makeSplit } from '../splits/make-split.ts';
import type { Split } from '../splits/split.ts';
import { askChampion, type ChampionSays } from './champion.ts';
import { gatesOf, judgeGate } from './judge-gate.ts';
import { type Judgement, judgeModel } from './judge-model.ts';
import type { ModelBundle } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import { finalProbabilities } from './predict-bundle.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { labelledRows, pick, pickInts } from './row-subset.ts';
import { splitSpecOf } from './split-spec.ts';
import { type TrainedModel, trainModel } from './train-model.ts';
import type { TrainSettings } from './train-settings.ts';

/** A model with everything that is known of it. */
export interface JudgedModel {
  readonly bundle: ModelBundle;
  readonly report: ModelReport;
  readonly champion: ChampionSays;
  /** The rows that were foretold without having been seen, and what was said of them. */
  readonly predictions: TypedColumns;
  /** Rows the kept model learned from. */
  readonly training: { readonly from: string; readonly to: string; readonly rows: number };
  readonly warnings: readonly string[];
}

/**
 * Splits the rows, trains, calibrates, and judges on the last period, which nothing was fitted to.
 * @throws ConfigError, ProjectError, also 'model-gate'
 */
export async function trainAndJudge(
  rows: TrainingRows,
  settings: TrainSettings,
  registry: RegistryContent,
  models: ModelTools,
  say: (progress: string) => void,
): Promise<JudgedModel> {
  const split = makeSplit(
    { day: rows.days, ...(rows.groups ? { group: rows.groups } : {}) },
    splitSpecOf(settings.split, rows.days),
  );
  // A rule that cannot be read is told of before the work.
  const gates = gatesOf(settings.gate);
  const { estimators: tools, threads, signal } = models;
  const trained = await trainModel(rows, split, settings, { tools, threads, signal, say });
  const bundle = bundleOf(trained, rows, settings);
  say('judging');
  const within = settings.normaliseWithin === undefined ? undefined : rows.groups;
  const p = finalProbabilities(bundle, trained.testRaw, within && pickInts(within, split.test));
  const { judgement, champion } = await judge(p, rows, split, settings, registry, models);
  const days = pickInts(rows.days, split.test);
  const report: ModelReport = {
    test: {
      from: dateOf(days.at(0)),
      to: dateOf(days.at(-1)),
      days: new Set(days).size,
      rows: split.test.length,
      groups: rows.groups ? new Set(pickInts(rows.groups, split.test)).size : undefined,
    },
    ...judgement.report,
    gate: judgeGate(gates, judgement),
    calibration: {
      method: trained.calibration.method,
      logLoss: Object.fromEntries(
        (trained.calibration.tried ?? []).map(({ method, logLoss }) => [method, logLoss]),
      ),
    },
    importance: trained.importance,
    rounds: trained.rounds,
  };
  const seen = settings.refit ? rows.days : pickInts(rows.days, split.development);
  return {
    bundle,
    report,
    champion,
    predictions: predictionColumns(rows, split, trained, p, settings),
    training: { from: dateOf(seen.at(0)), to: dateOf(seen.at(-1)), rows: seen.length },
    warnings: trained.warnings,
  };
}

async function judge(
  p: Float64Array,
  rows: TrainingRows,
  { test, development }: Split,
  settings: TrainSettings,
  registry: RegistryContent,
  models: ModelTools,
): Promise<{ readonly judgement: Judgement; readonly champion: ChampionSays }> {
  const labelled = labelledRows(rows, test);
  const groups = rows.groups && pickInts(rows.groups, test);
  const days = pickInts(rows.days, test);
  const baselines = new Map([['prior', priorOf(labelled, pick(rows.target, development))]]);
  if (labelled.prices && labelled.groups) baselines.set('market', marketProbabilities(labelled));
  const scored = { ...labelled, ...(groups ? { within: groups } : {}) };
  const champion = await askChampion(settings.name, scored, days[0] ?? 0, registry, models);
  if ('p' in champion) baselines.set('champion', champion.p);
  const { seed } = settings;
  const judgement = judgeModel({
    target: labelled.target,
    days,
    groups,
    model: p,
    baselines,
    seed,
  });
  return { judgement, champion };
}

/** One in its group; without groups the share of winners among the rows that were learned from. */
function priorOf(rows: LabelledRows, learned: Float64Array): Float64Array {
  if (rows.groups) return priorProbabilities(rows);
  const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
  return new Float64Array(rows.count).fill(mean);
}

function bundleOf(
  { calibration, main, folds }: TrainedModel,
  rows: TrainingRows,
  { estimator, objective, normaliseWithin }: TrainSettings,
): ModelBundle {
  const features = rows.schema.map((feature) => {
    const categories = feature.categories && main.categories?.[feature.name];
    return categories ? { ...feature, categories } : feature;
  });
  const own = { ...main, categories: undefined };
  return { estimator, objective, features, normaliseWithin, calibration, main: own, folds };
}

/** One row for each row a fold or, of the test, the model foretold: who it is, what came of it, what was said. */
function predictionColumns(
  rows: TrainingRows,
  { test }: Split,
  { outOfFold }: TrainedModel,
  testP: Float64Array,
  { target }: TrainSettings,
): TypedColumns {
  const all = Int32Array.from(rows.days, (_, row) => row);
  const oof = all.filter((row) => !Number.isNaN(outOfFold.p[row]));
  const oofP = pick(outOfFold.p, oof);
  const chosen = Int32Array.from([...oof, ...test]);
  const identity = Object.entries(rows.identity).map(
    ([name, { type, values }]): [string, TypedColumn] => [
      name,
      { type, values: Array.from(chosen, (row) => values[row] ?? null) },
    ],
  );
  return {
    ...Object.fromEntries(identity),
    [target]: { type: 'DOUBLE', values: pick(rows.target, chosen) },
    // 0: the test period.
    fold: { type: 'INTEGER', values: pickInts(outOfFold.fold, chosen) },
    ...(rows.price ? { price: { type: 'DOUBLE', values: pick(rows.price, chosen) } } : {}),
    p: { type: 'DOUBLE', values: Float64Array.from([...oofP, ...testP]) },
  };
}

const DAY_MS = 86_400_000;

const dateOf = (day: number | undefined): string =>
  new Date((day ?? 0) * DAY_MS).toISOString().slice(0, 10);
