import { ascendingOrder } from '../core/ascending-order.ts';
import type { Metric } from './metric.ts';

/**
 * Mann–Whitney over all rows: the share of (winner, loser) pairs in which the winner has the higher prediction, ties
 * ½: scikit-learn's `roc_auc_score`. Field sizes alone lift it above ½, so of shuffled results it is not ½.
 * NaN without a winner or without a loser.
 */
export const auc: Metric = {
  name: 'auc',
  title: 'AUC over all rows',
  target: 'binary',
  better: 'higher',
  takes: 'score',
  prepare: (p, { y, days }) => {
    const order = ascendingOrder(p);
    const day = Int32Array.from(order, (row) => days.of[row] as number);
    const won = Uint8Array.from(order, (row) => y[row] as number);
    const ends = tieEnds(order, p);
    return (times) => weightedAuc(day, won, ends, times);
  },
};

/** 1 where the next row in order has another prediction. */
function tieEnds(order: Uint32Array, p: Float64Array): Uint8Array {
  return Uint8Array.from(order, (row, i) =>
    i + 1 === order.length || p[row] !== p[order[i + 1] as number] ? 1 : 0,
  );
}

function weightedAuc(
  day: Int32Array,
  won: Uint8Array,
  ends: Uint8Array,
  times: Int32Array,
): number {
  let concordant = 0;
  let losers = 0;
  let winners = 0;
  let tiedLosers = 0;
  let tiedWinners = 0;
  for (let i = 0; i < day.length; i += 1) {
    const weight = times[day[i] as number] as number;
    if (won[i] === 1) tiedWinners += weight;
    else tiedLosers += weight;
    if (ends[i] === 1) {
      concordant += tiedWinners * (losers + tiedLosers / 2);
      winners += tiedWinners;
      losers += tiedLosers;
      tiedWinners = 0;
      tiedLosers = 0;
    }
  }
  return concordant / (winners * losers);
}
