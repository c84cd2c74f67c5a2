/** Two samples compared: the largest distance of their distribution functions, and how likely it is by chance. */
export interface KolmogorovSmirnov {
  readonly statistic: number;
  /** By Kolmogorov's limit distribution, good from some 50 values each; NaN when a sample is empty. */
  readonly pValue: number;
}

/**
 * Two-sample Kolmogorov–Smirnov test: scipy's `ks_2samp` for the statistic, and `kolmogorov(√(mn/(m+n))·D)` for the
 * p-value. NaN values are left out; both numbers NaN when a sample is empty.
 */
export function ks(reference: Float64Array, current: Float64Array): KolmogorovSmirnov {
  const [a, b] = [ascending(reference), ascending(current)];
  if (a.length === 0 || b.length === 0) return { statistic: Number.NaN, pValue: Number.NaN };
  const statistic = largestDistance(a, b);
  const effective = (a.length * b.length) / (a.length + b.length);
  return { statistic, pValue: kolmogorovTail(Math.sqrt(effective) * statistic) };
}

const ascending = (values: Float64Array): Float64Array =>
  values.filter((value) => !Number.isNaN(value)).sort();

function largestDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (a[i] === value) i += 1;
    while (b[j] === value) j += 1;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

/** P(K > x) = 2 Σ (−1)^(k−1) exp(−2k²x²), Kolmogorov 1933; for small x by the theta function, where that is slow. */
function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    let sum = 0;
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 20; k += 1) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return 2 * sum;
}
