import type { TypedColumn, TypedColumns } from '../core/columns.ts';
import type { ModelReport, PermutationReport, RegistryContent } from '../core/model-version.ts';
import { marketProbabilities } from '../estimators/market.ts';
import { makeSplit } from '../splits/make-split.ts';
import type { Split } from '../splits/split.ts';
import { answerColumns } from './answer-columns.ts';
import { askChampion, type ChampionSays, newestBefore } from './champion.ts';
import { checkTarget } from './check-target.ts';
import { typedClasses } from './class-values.ts';
import type { TrainingContext } from './fit-and-predict.ts';
import { gatesOf, judgeGate } from './judge-gate.ts';
import { type Judgement, judgeModel } from './judge-model.ts';
import type { ModelBundle } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import { permutationImportance } from './permutation-importance.ts';
import { finalAnswers } from './predict-bundle.ts';
import { outputsOf, type TrainingRows } from './read-training-rows.ts';
import { labelledRows, pick, pickInts } from './row-subset.ts';
import { splitSpecOf } from './split-spec.ts';
import { type TrainedModel, trainModel } from './train-model.ts';
import type { TrainSettings } from './train-settings.ts';
import { type TunedParams, tuneParams } from './tune-params.ts';
import { type Yardstick, yardstickOf } from './yardstick.ts';

/** A model with everything that is known of it. */
export interface JudgedModel {
  readonly bundle: ModelBundle;
  /** Those that were given, and those that were found. */
  readonly params: TrainSettings['params'];
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
  const yardstick = yardstickOf(settings);
  checkTarget(rows, yardstick, settings);
  const split = makeSplit(
    { day: rows.days, ...(rows.groups ? { group: rows.groups } : {}) },
    splitSpecOf(settings.split, rows.days),
  );
  // A rule that cannot be read is told of before the work.
  const gates = gatesOf(settings.gate, yardstick);
  const { estimators: tools, threads, signal } = models;
  const context = { tools, threads, signal, say };
  const tuned = await tunedSettings(rows, split, settings, models, context);
  const trained = await trainModel(rows, split, { ...settings, params: tuned.params }, context);
  const bundle = bundleOf(trained, rows, settings);
  say('judging');
  const within = settings.normaliseWithin === undefined ? undefined : rows.groups;
  const p = finalAnswers(bundle, trained.testRaw, within && pickInts(within, split.test));
  const { judgement, champion } = await judge(
    p,
    rows,
    split,
    yardstick,
    settings,
    registry,
    models,
  );
  const days = pickInts(rows.days, split.test);
  const gate = judgeGate(gates, judgement);
  const permutation = gate.every(({ passed }) => passed)
    ? await shuffledFeatures(bundle, rows, split, settings, models, say)
    : undefined;
  const report: ModelReport = {
    test: {
      from: dateOf(days.at(0)),
      to: dateOf(days.at(-1)),
      days: new Set(days).size,
      rows: split.test.length,
      groups: rows.groups ? new Set(pickInts(rows.groups, split.test)).size : undefined,
    },
    target: settings.target,
    decides: yardstick.decides.name,
    ...judgement.report,
    gate,
    calibration: {
      method: trained.calibration.method,
      logLoss: Object.fromEntries(
        (trained.calibration.tried ?? []).map(({ method, logLoss }) => [method, logLoss]),
      ),
    },
    ...(tuned.report ? { tuning: tuned.report } : {}),
    importance: trained.importance,
    ...(permutation ? { permutation } : {}),
    rounds: trained.rounds,
  };
  const seen = settings.refit ? rows.days : pickInts(rows.days, split.development);
  return {
    bundle,
    params: tuned.params,
    report,
    champion,
    predictions: predictionColumns(rows, split, trained, p, settings),
    training: { from: dateOf(seen.at(0)), to: dateOf(seen.at(-1)), rows: seen.length },
    warnings: trained.warnings,
  };
}

/** The parameters to train with: searched for where the node asks for it. */
async function tunedSettings(
  rows: TrainingRows,
  split: Split,
  settings: TrainSettings,
  { artifactsDir, now, tell, warn }: ModelTools,
  context: TrainingContext,
): Promise<Pick<TunedParams, 'params'> & Partial<TunedParams>> {
  const { tune, params, name, span } = settings;
  if (!tune) return { params };
  return tuneParams(
    rows,
    split,
    { ...settings, tune },
    {
      ...context,
      artifactsDir,
      now,
      tell: (news) => tell(`${name}: ${news}`),
      warn: (message) => warn(`${name}: ${message}`, span),
    },
  );
}

/** Each part of the rows is asked of a model that has not seen it. */
async function shuffledFeatures(
  bundle: ModelBundle,
  rows: TrainingRows,
  { test, folds }: Split,
  settings: TrainSettings,
  models: ModelTools,
  say: (progress: string) => void,
): Promise<PermutationReport | undefined> {
  const { permutation, seed } = settings;
  if (!permutation) return undefined;
  const judged = newestBefore(bundle, rows.days[test[0] ?? 0] ?? 0) ?? bundle.main;
  const dayOf = (part: Int32Array) => rows.days[part[0] ?? 0];
  // A fold that only taught those after it has no model that is kept.
  const ofFolds = folds.flatMap(({ validation }) => {
    const model = bundle.folds.find(({ from }) => from === dayOf(validation));
    return model ? [{ model, rows: validation }] : [];
  });
  const parts = permutation.rows === 'test' ? [{ model: judged, rows: test }] : ofFolds;
  const asked = { ...permutation, seed };
  return permutationImportance(bundle, rows, parts, asked, yardstickOf(settings), models, say);
}

async function judge(
  p: Float64Array,
  rows: TrainingRows,
  { test, development }: Split,
  yardstick: Yardstick,
  settings: TrainSettings,
  registry: RegistryContent,
  models: ModelTools,
): Promise<{ readonly judgement: Judgement; readonly champion: ChampionSays }> {
  const labelled = labelledRows(rows, test);
  const groups = rows.groups && pickInts(rows.groups, test);
  const days = pickInts(rows.days, test);
  const learned = pick(rows.target, development);
  const prior = yardstick.prior(labelled, learned, outputsOf(rows));
  const baselines = new Map([['prior', prior]]);
  if (labelled.prices && labelled.groups) baselines.set('market', marketProbabilities(labelled));
  const scored = { ...labelled, ...(groups ? { within: groups } : {}) };
  const champion = await askChampion(
    settings,
    rows.classes,
    scored,
    days[0] ?? 0,
    registry,
    models,
  );
  if ('p' in champion) baselines.set('champion', champion.p);
  const { seed } = settings;
  const judgement = judgeModel({
    target: labelled.target,
    kind: yardstick.target,
    classes: rows.classes?.length,
    metrics: yardstick.metrics,
    days,
    groups,
    model: p,
    baselines,
    seed,
  });
  return { judgement, champion };
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
  const { classes } = rows;
  return {
    estimator,
    objective,
    features,
    classes,
    normaliseWithin,
    calibration,
    main: own,
    folds,
  };
}

/** One row for each row a fold or, of the test, the model foretold: who it is, what came of it, what was said. */
function predictionColumns(
  rows: TrainingRows,
  { test }: Split,
  { outOfFold }: TrainedModel,
  testP: Float64Array,
  { target, objective }: TrainSettings,
): TypedColumns {
  const all = Int32Array.from(rows.days, (_, row) => row);
  const width = outputsOf(rows);
  const oof = all.filter((row) => !Number.isNaN(outOfFold.p[row * width]));
  const oofP = pick(outOfFold.p, oof, width);
  const chosen = Int32Array.from([...oof, ...test]);
  const identity = Object.entries(rows.identity).map(
    ([name, { type, values }]): [string, TypedColumn] => [
      name,
      { type, values: Array.from(chosen, (row) => values[row] ?? null) },
    ],
  );
  return {
    ...Object.fromEntries(identity),
    [target]: targetColumn(rows, chosen),
    // 0: the test period.
    fold: { type: 'INTEGER', values: pickInts(outOfFold.fold, chosen) },
    ...(rows.price ? { price: { type: 'DOUBLE', values: pick(rows.price, chosen) } } : {}),
    ...answerColumns(
      { objective, classes: rows.classes },
      Float64Array.from([...oofP, ...testP]),
      'p',
    ),
  };
}

function targetColumn({ target, classes }: TrainingRows, chosen: Int32Array): TypedColumn {
  const values = pick(target, chosen);
  if (!classes) return { type: 'DOUBLE', values };
  return typedClasses(
    Array.from(values, (code) => classes[code] ?? null),
    classes,
  );
}

const DAY_MS = 86_400_000;

const dateOf = (day: number | undefined): string =>
  new Date((day ?? 0) * DAY_MS).toISOString().slice(0, 10);
