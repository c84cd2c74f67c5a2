/** 1/(1+e^−z). */
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

const STEPS = 100;
/** Keeps weights finite where the classes do not overlap; too small to be seen elsewhere. */
const RIDGE = 1e-9;

/**
 * Weights of P = sigmoid(w₀·x₀ + … + intercept), the intercept last, that make the targets (0 to 1, also between) most
 * likely: Newton's method with halved steps, which reaches the one maximum. Columns of equal length.
 */
export function fitLogistic(columns: readonly Float64Array[], target: Float64Array): Float64Array {
  const size = columns.length + 1;
  let weights: Float64Array = new Float64Array(size);
  let loss = lossOf(columns, target, weights);
  for (let step = 0; step < STEPS; step += 1) {
    const direction = newtonDirection(columns, target, weights);
    let next = weights;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let scale = 1; scale > 1e-10 && !(nextLoss <= loss); scale /= 2) {
      next = weights.map((weight, i) => weight - scale * (direction[i] as number));
      nextLoss = lossOf(columns, target, next);
    }
    if (!(nextLoss <= loss)) break;
    const moved = next.reduce(
      (most, weight, i) => Math.max(most, Math.abs(weight - (weights[i] as number))),
      0,
    );
    [weights, loss] = [next, nextLoss];
    if (moved < 1e-13 * (1 + Math.max(...weights.map(Math.abs)))) break;
  }
  return weights;
}

function linear(columns: readonly Float64Array[], weights: Float64Array, row: number): number {
  let z = weights[columns.length] as number;
  for (let i = 0; i < columns.length; i += 1) {
    z += (weights[i] as number) * ((columns[i] as Float64Array)[row] as number);
  }
  return z;
}

/** Σ ln(1+e^z) − t·z, and the ridge. */
function lossOf(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
): number {
  let loss = 0;
  for (let row = 0; row < target.length; row += 1) {
    const z = linear(columns, weights, row);
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (target[row] as number) * z;
  }
  return weights.reduce((sum, weight) => sum + (RIDGE / 2) * weight * weight, loss);
}

function newtonDirection(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
): Float64Array {
  const size = columns.length + 1;
  const gradient = weights.map((weight) => RIDGE * weight);
  const hessian = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => (i === j ? RIDGE : 0)),
  );
  const x = new Float64Array(size).fill(1);
  for (let row = 0; row < target.length; row += 1) {
    for (let i = 0; i < columns.length; i += 1) x[i] = (columns[i] as Float64Array)[row] as number;
    const p = sigmoid(linear(columns, weights, row));
    const curvature = p * (1 - p);
    for (let i = 0; i < size; i += 1) {
      gradient[i] = (gradient[i] as number) + (p - (target[row] as number)) * (x[i] as number);
      const line = hessian[i] as Float64Array;
      for (let j = 0; j < size; j += 1) {
        line[j] = (line[j] as number) + curvature * (x[i] as number) * (x[j] as number);
      }
    }
  }
  return solve(hessian, gradient);
}

/** Gaussian elimination of a positive definite system of a few unknowns. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const rows = matrix.map((line, i) => Float64Array.of(...line, right[i] as number));
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    const from = rows[pivot] as Float64Array;
    for (let below = pivot + 1; below < size; below += 1) {
      const line = rows[below] as Float64Array;
      const factor = (line[pivot] as number) / (from[pivot] as number);
      for (let j = pivot; j <= size; j += 1) {
        line[j] = (line[j] as number) - factor * (from[j] as number);
      }
    }
  }
  const solution = new Float64Array(size);
  for (let i = size - 1; i >= 0; i -= 1) {
    const line = rows[i] as Float64Array;
    let rest = line[size] as number;
    for (let j = i + 1; j < size; j += 1) rest -= (line[j] as number) * (solution[j] as number);
    solution[i] = rest / (line[i] as number);
  }
  return solution;
}
