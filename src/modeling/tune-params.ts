import { ProjectError, VeloError } from '../core/errors.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { TuningReport } from '../core/model-version.ts';
import { estimators } from '../estimators/index.ts';
import { judgedRows } from '../metrics/judged-rows.ts';
import { eachDayOnce } from '../metrics/metric.ts';
import { bestTrial, nextParams, type SearchState, searchEnd, withTrial } from '../search/search.ts';
import type { Params } from '../search/search-space.ts';
import type { Split } from '../splits/split.ts';
import type { TrainingContext } from './fit-and-predict.ts';
import type { FoldAnswers } from './fold-lessons.ts';
import { finalAnswers } from './predict-bundle.ts';
import { outputsOf, type TrainingRows } from './read-training-rows.ts';
import { pick, pickInts } from './row-subset.ts';
import { searchProgress } from './search-progress.ts';
import { searchStore } from './search-store.ts';
import { trainFolds } from './train-folds.ts';
import type { TrainSettings } from './train-settings.ts';
import type { TuneSettings } from './tune-settings.ts';
import { yardstickOf } from './yardstick.ts';

/** What a search lends and is lent, besides what training is. */
export interface TuningContext extends TrainingContext {
  readonly artifactsDir: string;
  now(): number;
  /** Tells of something worth keeping: a line of its own. */
  tell(news: string): void;
  warn(message: string): void;
}

/** Settings of a node that has `tune`. */
type TuningSettings = TrainSettings & { readonly tune: TuneSettings };

/** The parameters that were found, with those that were given. */
export interface TunedParams {
  readonly params: TrainSettings['params'];
  readonly report: TuningReport;
}

/**
 * Looks for the parameters whose folds foretell best: the test rows are not looked at. Each trial trains all folds.
 * Finished trials are kept in the artifacts folder; a search that was ended goes on there and finds the same.
 * @throws ProjectError 'lightgbm-error' when no trial could be trained; what training throws
 */
export async function tuneParams(
  rows: TrainingRows,
  split: Split,
  settings: TuningSettings,
  context: TuningContext,
): Promise<TunedParams> {
  const { tune, seed, name } = settings;
  const { space, method, budget, metric } = tune;
  const declared = { space, method, seed, better: metric.better };
  const store = searchStore(context.artifactsDir, name, keyOf(rows, settings));
  const kept = await store.load(declared, (file) =>
    context.warn(`the search in ${file} cannot be read: it begins anew`),
  );
  let state = asFarAs({ ...declared, trials: kept }, budget);
  const progress = searchProgress(metric.name, budget);
  if (state.trials.length > 0) context.tell(progress.resumed(state));
  let failure: VeloError | undefined;
  for (;;) {
    const ended = searchEnd(state, budget);
    if (ended) return finish(state, ended, settings, failure, context);
    const tried = nextParams(state);
    const began = context.now();
    const say = (text: string) => context.say(progress.doing(state, text));
    const found = await tryParams(rows, split, settings, tried, { ...context, say });
    failure = found.failure ?? failure;
    const trial = { params: tried, value: found.value, seconds: (context.now() - began) / 1000 };
    state = withTrial(state, trial);
    await store.save(state);
    if (bestTrial(state) === trial) context.tell(progress.better(state, trial));
  }
}

interface Found {
  readonly value: number | null;
  readonly failure?: VeloError;
}

async function tryParams(
  rows: TrainingRows,
  split: Split,
  settings: TuningSettings,
  tried: Params,
  context: TrainingContext,
): Promise<Found> {
  try {
    const params = { ...settings.params, ...tried };
    // Calibrators would be fitted for nobody.
    const trial = { ...settings, params, calibration: 'none' };
    const estimator = estimators.get(settings.estimator);
    const { outOfFold } = await trainFolds(estimator, rows, split, trial, context);
    return { value: measured(rows, outOfFold, settings) };
  } catch (error) {
    // Two parameters may not go together; everything else would fail in each trial.
    if (!(error instanceof VeloError && error.code === 'lightgbm-error')) throw error;
    return { value: null, failure: error };
  }
}

/** As many of the trials as the budget asks for: one that was larger before must not choose otherwise now. */
function asFarAs(state: SearchState, budget: TuneSettings['budget']): SearchState {
  let prefix: SearchState = { ...state, trials: [] };
  for (const trial of state.trials) {
    if (searchEnd(prefix, budget)) break;
    prefix = withTrial(prefix, trial);
  }
  return prefix;
}

/** Everything a trial's value depends on, but for its parameters. More trials go on where fewer ended. */
function keyOf(rows: TrainingRows, settings: TuningSettings): string {
  const { estimator, objective, params, rounds, earlyStopping, seed, split } = settings;
  const { group, weight, eventTime, normaliseWithin, tune } = settings;
  return hashOf({
    format: 1,
    rows: rows.fingerprint,
    ...{ estimator, objective, params, rounds, earlyStopping, seed, split },
    ...{ group, weight, eventTime, normaliseWithin },
    ...{ space: tune.space, method: tune.method, metric: tune.metric.name },
  });
}

/** The metric over the rows of the folds: chances normalised within their group, but not calibrated. */
function measured(
  rows: TrainingRows,
  { fold, raw }: FoldAnswers,
  settings: TuningSettings,
): number | null {
  const { target } = yardstickOf(settings);
  const foretold = Int32Array.from(fold, (_, row) => row).filter((row) => fold[row] !== 0);
  const groups = rows.groups && pickInts(rows.groups, foretold);
  const answers = finalAnswers(
    { calibration: { method: 'none', state: {} }, normaliseWithin: settings.normaliseWithin },
    pick(raw, foretold, outputsOf(rows)),
    groups,
  );
  const judged = judgedRows(
    {
      y: pick(rows.target, foretold),
      classes: rows.classes?.length,
      race: groups ?? foretold,
      day: pickInts(rows.days, foretold),
    },
    target,
  );
  const value = settings.tune.metric.prepare(answers, judged)(eachDayOnce(judged.days.count));
  return Number.isFinite(value) ? value : null;
}

function finish(
  state: SearchState,
  ended: TuningReport['ended'],
  { params, tune }: TuningSettings,
  failure: VeloError | undefined,
  context: TuningContext,
): TunedParams {
  const best = bestTrial(state);
  if (!best) {
    throw (
      failure ??
      new ProjectError('training-data', `tune: ${tune.metric.name} has no value in any trial`, {
        hint: 'choose another metric, or more days for the folds',
      })
    );
  }
  const at = state.trials.indexOf(best) + 1;
  const seconds = state.trials.reduce((sum, trial) => sum + trial.seconds, 0);
  context.tell(
    `tune: trial ${at} of ${state.trials.length} was best, ${tune.metric.name} ${best.value?.toFixed(4)}, after ${Math.round(seconds)} s`,
  );
  const { method, seed, trials } = state;
  return {
    params: { ...params, ...best.params },
    report: { method, seed, metric: tune.metric.name, ended, best: at, trials },
  };
}
