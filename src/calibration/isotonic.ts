import { type Calibrator, stored } from './calibrator.ts';
import { type Block, poolAdjacentViolators } from './pool-adjacent-violators.ts';

const DEFAULT_FLOOR = 0.003;

/**
 * Isotonic regression: scikit-learn's `IsotonicRegression(out_of_bounds='clip')`, linear between the blocks. No block is
 * below the floor or, where nobody won, below 1/(2·size): its lowest block is often exactly 0, and some of those win.
 */
export const isotonic: Calibrator = {
  name: 'isotonic',
  fit(p, y, { floor = DEFAULT_FLOOR }) {
    const blocks = poolAdjacentViolators(p, y);
    const levels = floored(blocks, floor);
    const nodes = blocks.flatMap(({ lowest, highest }, i) => {
      const level = levels[i] as number;
      return lowest === highest
        ? [[lowest, level] as const]
        : [[lowest, level] as const, [highest, level] as const];
    });
    return { x: nodes.map(([x]) => x), y: nodes.map(([, level]) => level) };
  },
  curve(state) {
    const x = Float64Array.from(stored(state, 'x', 1));
    const y = Float64Array.from(stored(state, 'y', x.length));
    return (p) => interpolate(x, y, p);
  },
};

/** A small block without winners is not put above its neighbour: the curve stays monotone. */
function floored(blocks: readonly Block[], floor: number): number[] {
  return blocks.map(({ mean, size }, i) => {
    const half = floor > 0 && mean === 0 ? 1 / (2 * size) : 0;
    const next = blocks[i + 1]?.mean ?? 1;
    return Math.max(mean, floor, Math.min(half, next));
  });
}

/** Linear between nodes of ascending x, their values beyond the ends; NaN of NaN. */
function interpolate(x: Float64Array, y: Float64Array, at: number): number {
  if (Number.isNaN(at)) return Number.NaN;
  let [low, high] = [0, x.length - 1];
  if (at <= (x[low] as number)) return y[low] as number;
  if (at >= (x[high] as number)) return y[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [x[low], x[high], y[low], y[high]] as [number, number, number, number];
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
