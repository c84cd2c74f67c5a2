import { setImmediate } from 'node:timers/promises';
import { ProjectError } from '../core/errors.ts';
import type { NumberColumn } from '../lightgbm/c-api.ts';
import { type DesignColumn, fillDesign } from './linear-design.ts';
import { solvePositive } from './solve-positive.ts';

/** What is minimised: Σ weight · (log(1 + e^η) − y·η) + ½ · l2 · Σ coefficient², with η = intercept + coefficients · row. */
export interface LogisticProblem {
  readonly design: readonly DesignColumn[];
  readonly columns: readonly NumberColumn[];
  readonly target: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly l2: number;
  readonly signal: AbortSignal | undefined;
}

export interface LogisticSolution {
  readonly intercept: number;
  readonly coefficients: Float64Array;
  readonly iterations: number;
}

const ROWS_AT_ONCE = 1024;
const MOST_ITERATIONS = 100;
/** The loss is convex; a step that is so small changes no digit anybody reads. */
const SMALL_STEP = 1e-10;

/** Newton's method (iteratively reweighted least squares), with shorter steps where a whole one would not help. */
export async function fitLogistic(problem: LogisticProblem): Promise<LogisticSolution> {
  const size = problem.design.length + 1;
  let point = new Float64Array(size);
  let state = await evaluate(problem, point);
  let iterations = 0;
  while (iterations < MOST_ITERATIONS) {
    iterations += 1;
    const step = solvePositive(state.hessian, state.gradient);
    if (step === undefined) break;
    const { moved, reached } = await shortened(problem, point, state.loss, step);
    point = moved;
    state = reached;
    if (step.every((change, i) => Math.abs(change) <= SMALL_STEP * (1 + Math.abs(point[i] ?? 0)))) {
      break;
    }
  }
  return { intercept: point[0] ?? 0, coefficients: point.slice(1), iterations };
}

type State = Awaited<ReturnType<typeof evaluate>>;

/** Goes the whole step, or half of it as often as it takes for the loss not to grow. */
async function shortened(
  problem: LogisticProblem,
  point: Float64Array,
  loss: number,
  step: Float64Array,
): Promise<{ readonly moved: Float64Array<ArrayBuffer>; readonly reached: State }> {
  for (let length = 1; ; length /= 2) {
    const moved = Float64Array.from(point, (value, i) => value - length * (step[i] ?? 0));
    const reached = await evaluate(problem, moved);
    // Near the minimum the loss only trembles: rounding must not halve the step for ever.
    if (reached.loss <= loss + 1e-12 * Math.abs(loss) || length < 1e-6) return { moved, reached };
  }
}

/** Loss, gradient and the lower half of the second derivatives at a point: the intercept first. */
async function evaluate(problem: LogisticProblem, point: Float64Array) {
  const { design, target, l2, signal } = problem;
  const size = design.length + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  let loss = 0;
  const block = new Float64Array(ROWS_AT_ONCE * design.length);
  for (let from = 0; from < target.length; from += ROWS_AT_ONCE) {
    const to = Math.min(target.length, from + ROWS_AT_ONCE);
    fillDesign(design, problem.columns, from, to, block);
    for (let i = from; i < to; i += 1) {
      const row = block.subarray((i - from) * design.length, (i - from + 1) * design.length);
      loss += addRow(problem, point, i, row, gradient, hessian);
    }
    // The terminal stays alive, and Ctrl-C is heard.
    await setImmediate();
    if (signal?.aborted) throw new ProjectError('interrupted', 'training was interrupted');
  }
  for (let j = 1; j < size; j += 1) {
    const value = point[j] ?? 0;
    loss += 0.5 * l2 * value * value;
    gradient[j] = (gradient[j] ?? 0) + l2 * value;
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + l2;
  }
  return { loss, gradient, hessian };
}

/** Adds a row to the derivatives; its loss. */
function addRow(
  { target, weights }: LogisticProblem,
  point: Float64Array,
  i: number,
  row: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const size = gradient.length;
  let score = point[0] as number;
  for (let j = 1; j < size; j += 1) score += (point[j] as number) * (row[j - 1] as number);
  const y = target[i] as number;
  const weight = weights ? (weights[i] as number) : 1;
  const p = sigmoid(score);
  const slope = weight * (p - y);
  const curve = weight * p * (1 - p);
  gradient[0] = (gradient[0] as number) + slope;
  hessian[0] = (hessian[0] as number) + curve;
  for (let j = 1; j < size; j += 1) {
    const x = row[j - 1] as number;
    gradient[j] = (gradient[j] as number) + slope * x;
    const at = j * size;
    const curved = curve * x;
    hessian[at] = (hessian[at] as number) + curved;
    for (let k = 1; k <= j; k += 1) {
      hessian[at + k] = (hessian[at + k] as number) + curved * (row[k - 1] as number);
    }
  }
  // log(1 + e^score) − y·score, without overflow.
  return weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - y * score);
}

export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));
