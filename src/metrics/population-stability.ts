import { quantile } from '../core/quantile.ts';

/** A share of 0 is taken as this, or one empty bin would make the index infinite. */
const LEAST_SHARE = 1e-4;

/**
 * PSI, how far a distribution moved: Σ (a−e)·ln(a/e) over the shares `e` of the reference and `a` of the current values
 * in bins (Siddiqi 2006: under .1 stable, above .25 moved). Bins end at the reference's quantiles, `bins` at most
 * (equal quantiles make one), the value on an edge in the lower bin; NaN has a bin of its own. Shares are at least 1e−4.
 * NaN when either has no values.
 */
export function psi(reference: Float64Array, current: Float64Array, bins = 10): number {
  if (reference.length === 0 || current.length === 0) return Number.NaN;
  const edges = quantileEdges(reference, bins);
  const expected = shares(reference, edges);
  const actual = shares(current, edges);
  return expected.reduce((sum, share, bin) => {
    const e = Math.max(share, LEAST_SHARE);
    const a = Math.max(actual[bin] as number, LEAST_SHARE);
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

/** Inner edges: bin `i` holds values above edge i−1 and up to edge i. */
function quantileEdges(values: Float64Array, bins: number): Float64Array {
  const ascending = values.filter((value) => !Number.isNaN(value)).sort();
  if (ascending.length === 0) return new Float64Array();
  const inner = Array.from({ length: bins - 1 }, (_, i) => quantile(ascending, (i + 1) / bins));
  return Float64Array.from(new Set(inner));
}

/** One more bin than there are edges, then that of NaN. */
function shares(values: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length + 2);
  for (const value of values) {
    const bin = Number.isNaN(value) ? edges.length + 1 : binOf(value, edges);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts.map((count) => count / values.length);
}

function binOf(value: number, edges: Float64Array): number {
  const bin = edges.findIndex((edge) => value <= edge);
  return bin < 0 ? edges.length : bin;
}
