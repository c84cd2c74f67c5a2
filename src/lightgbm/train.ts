import { evaluate, importance, metricNames, modelText, update } from './booster.ts';
import { type CApi, dataType, type Handle } from './c-api.ts';
import { type StoppingWatch, watchForStop } from './early-stopping.ts';
import type { DatasetInput, TrainingInput, TrainingOutput, TrainingProgress } from './messages.ts';

/** What the caller is told, and asked, between rounds. */
export interface TrainingHooks {
  readonly isCancelled: () => boolean;
  readonly onRound: (progress: TrainingProgress) => void;
}

const VALIDATION = 1;

/** Trains a model; undefined when it was cancelled. Everything LightGBM held is freed. Raises LightgbmFailure. */
export function train(
  api: CApi,
  input: TrainingInput,
  hooks: TrainingHooks,
): Omit<TrainingOutput, 'warnings'> | undefined {
  const cleanUp: (() => void)[] = [];
  const free = (name: 'DatasetFree' | 'BoosterFree', handle: Handle) => {
    cleanUp.push(() => api.call(name, [{ handle }]));
    return handle;
  };
  try {
    const training = free('DatasetFree', dataset(api, input, input.training, undefined));
    if (hooks.isCancelled()) return undefined;
    const validation =
      input.validation && free('DatasetFree', dataset(api, input, input.validation, training));
    if (hooks.isCancelled()) return undefined;
    const booster = free(
      'BoosterFree',
      api.create('BoosterCreate', [{ handle: training }, { text: input.parameters }]),
    );
    if (validation !== undefined) {
      api.call('BoosterAddValidData', [{ handle: booster }, { handle: validation }]);
    }
    return boost(api, booster, input, hooks);
  } finally {
    // A booster points into its datasets: it goes first.
    for (const undo of cleanUp.reverse()) undo();
  }
}

/** Rounds until the last, or until the validation set has not improved for long enough. */
function boost(
  api: CApi,
  booster: Handle,
  input: TrainingInput,
  hooks: TrainingHooks,
): Omit<TrainingOutput, 'warnings'> | undefined {
  const names = input.validation ? metricNames(api, booster) : [];
  const watch = stoppingWatch(names, input);
  let values: readonly number[] = [];
  let round = 0;
  let best: ReturnType<StoppingWatch['next']>;
  const least = Math.min(input.keep ?? 0, input.rounds);
  while (round < input.rounds && (best === undefined || round < least)) {
    if (hooks.isCancelled()) return undefined;
    round += 1;
    // Whether a tree could be grown is not asked: bagging may well let the next round grow one. Python goes on, too.
    update(api, booster);
    if (names.length > 0) values = [...evaluate(api, booster, VALIDATION, names.length)];
    hooks.onRound({ round, rounds: input.rounds, metrics: namedValues(names, values) });
    best ??= watch?.next(round, values);
  }
  const bestRound = best?.round ?? round;
  return {
    text: modelText(api, booster, bestRound),
    kept: input.keep === undefined ? undefined : modelText(api, booster, least),
    bestRound,
    rounds: round,
    metrics: namedValues(names, best?.values ?? values),
    gain: importance(api, booster, 'gain', bestRound),
    split: importance(api, booster, 'split', bestRound),
  };
}

function stoppingWatch(
  names: readonly string[],
  { earlyStopping, rounds }: TrainingInput,
): StoppingWatch | undefined {
  if (earlyStopping === undefined || names.length === 0) return undefined;
  return watchForStop(names, rounds, earlyStopping);
}

const namedValues = (names: readonly string[], values: readonly number[]) =>
  names.map((name, i) => ({ name, value: values[i] ?? Number.NaN }));

function dataset(
  api: CApi,
  { parameters, featureNames }: TrainingInput,
  input: DatasetInput,
  reference: Handle | undefined,
): Handle {
  const handle = api.createDataset(input.columns, parameters, reference);
  try {
    const set = (field: string, values: Float32Array | Float64Array | Int32Array | undefined) => {
      if (values === undefined) return;
      const args = [{ input: values }, values.length, dataType(values)] as const;
      api.call('DatasetSetField', [{ handle }, { text: field }, ...args]);
    };
    set('label', input.label);
    set('weight', input.weights);
    set('group', input.groups);
    set('init_score', input.initialScores);
    api.call('DatasetSetFeatureNames', [{ handle }, { texts: featureNames }, featureNames.length]);
    return handle;
  } catch (error) {
    api.call('DatasetFree', [{ handle }]);
    throw error;
  }
}
