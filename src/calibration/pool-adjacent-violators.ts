import { ascendingOrder } from '../core/ascending-order.ts';

/** Neighbours in x that share one value: their mean. */
export interface Block {
  readonly lowest: number;
  readonly highest: number;
  readonly size: number;
  readonly mean: number;
}

/**
 * The non-decreasing step function nearest to (x, y) in squares, as its level sets from the lowest x: pool adjacent
 * violators (Ayer et al. 1955), after rows of equal x are made one. Blocks rise strictly. O(n log n).
 */
export function poolAdjacentViolators(x: Float64Array, y: ArrayLike<number>): Block[] {
  const order = ascendingOrder(x);
  // A stack in columns: a million rows must not be a million objects.
  const lowest = new Float64Array(order.length);
  const highest = new Float64Array(order.length);
  const sums = new Float64Array(order.length);
  const sizes = new Float64Array(order.length);
  let top = -1;
  for (const row of order) {
    const value = x[row] as number;
    if (top < 0 || highest[top] !== value) {
      top = poolDown(top, sums, sizes, highest) + 1;
      lowest[top] = value;
      highest[top] = value;
      sums[top] = 0;
      sizes[top] = 0;
    }
    sums[top] = (sums[top] as number) + (y[row] as number);
    sizes[top] = (sizes[top] as number) + 1;
  }
  top = poolDown(top, sums, sizes, highest);
  return Array.from({ length: top + 1 }, (_, i) => ({
    lowest: lowest[i] as number,
    highest: highest[i] as number,
    size: sizes[i] as number,
    mean: (sums[i] as number) / (sizes[i] as number),
  }));
}

/** While the last block is not above the one before, the two are one; the number of the last that is left. */
function poolDown(
  last: number,
  sums: Float64Array,
  sizes: Float64Array,
  highest: Float64Array,
): number {
  let top = last;
  while (top > 0) {
    const below = top - 1;
    // a/b ≥ c/d without a division, exact for counts.
    const rises =
      (sums[below] as number) * (sizes[top] as number) <
      (sums[top] as number) * (sizes[below] as number);
    if (rises) break;
    sums[below] = (sums[below] as number) + (sums[top] as number);
    sizes[below] = (sizes[below] as number) + (sizes[top] as number);
    highest[below] = highest[top] as number;
    top = below;
  }
  return top;
}
