import { canonicalObjective } from '../lightgbm/objectives.ts';
import type { Model, PredictOptions, Rows } from './estimator.ts';

/** What a model says of a row: a chance from 0 to 1, a number, or a chance for each of some classes. */
export type AnswerKind = 'chance' | 'number' | 'classes';

/** How a model of an objective answers. */
export interface Answer {
  readonly kind: AnswerKind;
  /**
   * What it says of rows; of classes their chances row after row, which add up to 1.
   * @throws ProjectError 'feature-mismatch', 'interrupted', 'lightgbm-error'
   */
  read(model: Model, rows: Rows, options: PredictOptions): Promise<Float64Array>;
}

const asItIs: Answer['read'] = (model, rows, options) => model.predict(rows, options);

const CHANCE: Answer = { kind: 'chance', read: asItIs };
const NUMBER: Answer = { kind: 'number', read: asItIs };
const CLASSES: Answer = { kind: 'classes', read: asItIs };

/** Of a score: its sigmoid stands for a chance until it is calibrated. */
const SIGMOID: Answer = {
  kind: 'chance',
  read: async (model, rows, options) =>
    (await model.predictRaw(rows, options)).map((score) => 1 / (1 + Math.exp(-score))),
};

/** Each class against all others: chances that were never told of each other. */
const SHARES: Answer = {
  kind: 'classes',
  read: async (model, rows, options) =>
    sharesOf(await model.predict(rows, options), model.artifact.outputs),
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  binary: CHANCE,
  cross_entropy: CHANCE,
  // Its prediction is −ln(1−p), its score the log odds.
  cross_entropy_lambda: SIGMOID,
  lambdarank: SIGMOID,
  rank_xendcg: SIGMOID,
  multiclass: CLASSES,
  multiclassova: SHARES,
};

/** How a model of an objective answers, by any name of the objective. */
export const answerOf = (objective: string): Answer => ANSWERS[mainName(objective)] ?? NUMBER;

/** The name of an objective its other names stand for; itself if it has no others. */
export const mainName = (objective: string): string => canonicalObjective(objective) ?? objective;

function sharesOf(chances: Float64Array, outputs: number): Float64Array {
  const shares = new Float64Array(chances.length);
  for (let from = 0; from < chances.length; from += outputs) {
    const row = chances.subarray(from, from + outputs);
    const total = row.reduce((sum, chance) => sum + chance, 0);
    shares.set(
      row.map((chance) => (total > 0 ? chance / total : 1 / outputs)),
      from,
    );
  }
  return shares;
}
