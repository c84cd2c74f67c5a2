/**
 * Solves `matrix · x = right` for a symmetric positive definite matrix, row after row, by Cholesky's factors; only its lower half is read
 * and it is overwritten. Undefined when the matrix is not positive definite.
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  if (!factorize(matrix, right.length)) return undefined;
  return backward(matrix, forward(matrix, right));
}

/** The lower half becomes L with L·Lᵀ = matrix; false when there is none. */
function factorize(matrix: Float64Array, n: number): boolean {
  const at = (i: number, j: number) => matrix[i * n + j] as number;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = at(i, j);
      for (let k = 0; k < j; k += 1) sum -= at(i, k) * at(j, k);
      if (i === j && !(sum > 0)) return false;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  return true;
}

/** L · x = right */
function forward(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k += 1) sum -= (lower[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (lower[i * n + i] as number);
  }
  return x;
}

/** Lᵀ · x = right */
function backward(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = right[i] as number;
    for (let k = i + 1; k < n; k += 1) sum -= (lower[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (lower[i * n + i] as number);
  }
  return x;
}
