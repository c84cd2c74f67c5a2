import { answerOf } from '../estimators/answers.ts';
import type { Estimator, Fit, FitOptions, ModelArtifact } from '../estimators/estimator.ts';
import type { EstimatorTools } from '../estimators/estimator-tools.ts';
import type { Fold } from '../splits/split.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { labelledRows, learnedRows } from './row-subset.ts';
import type { TrainSettings } from './train-settings.ts';

/** What a run lends to training. */
export interface TrainingContext {
  readonly tools: EstimatorTools;
  readonly threads: number;
  /** Aborted: training ends within a round, and nothing is kept. */
  readonly signal: AbortSignal | undefined;
  /** Told how far it is, in words. */
  say(progress: string): void;
}

/** A model, and what it says of rows it has not seen, in their order. */
export interface Predicted {
  readonly fit: Fit;
  readonly raw: Float64Array;
  /** What the model after `keep` rounds says, where that was asked for. */
  readonly keptRaw: Float64Array | undefined;
}

/** When a training ends, and what is kept of it. */
export type Ending = Pick<FitOptions, 'earlyStopping' | 'keep'>;

/** Trains on one part of the rows, and foretells the other; with early stopping that part says when it is enough. */
export async function fitAndPredict(
  estimator: Estimator,
  rows: TrainingRows,
  { train, validation }: Fold,
  settings: TrainSettings,
  context: TrainingContext,
  name: string,
  ending: Ending = {},
): Promise<Predicted> {
  const { tools, threads, signal } = context;
  const judged = labelledRows(rows, validation);
  const fit = await estimator.fit(
    tools,
    learnedRows(rows, train),
    ending.earlyStopping ? judged : undefined,
    { ...fitOptions(rows, settings, context, name), ...ending },
  );
  const ask = async (artifact: ModelArtifact) => {
    await using model = await estimator.open(tools, artifact);
    return answerOf(settings.objective).read(model, judged, { threads, signal });
  };
  return { fit, raw: await ask(fit.artifact), keptRaw: fit.kept && (await ask(fit.kept)) };
}

/** Settings of a node as an estimator takes them; `name`: what is trained, for those who wait. */
export function fitOptions(
  { classes }: Pick<TrainingRows, 'classes'>,
  { objective, params, rounds, seed }: TrainSettings,
  { threads, signal, say }: TrainingContext,
  name: string,
): FitOptions {
  return {
    objective,
    params: params as FitOptions['params'],
    rounds,
    classes: classes?.length,
    seed,
    threads,
    signal,
    onProgress({ round, rounds: all, metrics: [metric] }) {
      const value = metric ? `, ${metric.name} ${metric.value.toFixed(4)}` : '';
      say(`${name}: round ${round} of ${all}${value}`);
    },
  };
}
