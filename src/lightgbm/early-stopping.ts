import type { EarlyStopping } from './messages.ts';

interface Best {
  readonly round: number;
  readonly values: readonly number[];
}

/** Follows the metrics of a validation set round by round. */
export interface StoppingWatch {
  /** The values after a round (from 1 on). The best round once training should end, undefined while it should go on. */
  next(round: number, values: readonly number[]): Best | undefined;
}

// Python's package takes a smaller r2 for a better one; that is not followed.
const MAXIMISED = ['auc', 'ndcg@', 'map@', 'average_precision', 'r2'];

const isMaximised = (metric: string): boolean => MAXIMISED.some((name) => metric.startsWith(name));

/**
 * Decides as LightGBM's Python package does: each metric has a best round of its own, and the first whose best round lies `rounds`
 * back ends the training. In the last round the first metric decides.
 */
export function watchForStop(
  metrics: readonly string[],
  lastRound: number,
  { rounds, minDelta = 0, firstMetricOnly = false }: EarlyStopping,
): StoppingWatch {
  const best: (Best | undefined)[] = metrics.map(() => undefined);
  const isBetter = (i: number, value: number, than: number) =>
    isMaximised(metrics[i] ?? '') ? value > than + minDelta : value < than - minDelta;
  const decides = (i: number) => !firstMetricOnly || metrics[i] === metrics[0];
  const isOver = (round: number, held: Best) => round - held.round >= rounds || round === lastRound;
  return {
    next(round, values) {
      for (const [i, value] of values.entries()) {
        let held = best[i];
        if (held === undefined || isBetter(i, value, held.values[i] ?? Number.NaN)) {
          held = { round, values: [...values] };
          best[i] = held;
        }
        if (decides(i) && isOver(round, held)) return held;
      }
      return undefined;
    },
  };
}
