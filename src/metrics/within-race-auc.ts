import { rowsOf } from '../core/row-groups.ts';
import type { JudgedRows } from './judged-rows.ts';
import { type Metric, meanMeasure } from './metric.ts';

const shared = { target: 'binary', better: 'higher', takes: 'score', needsRaces: true } as const;

/**
 * The share of (winner, loser) pairs of one race in which the winner has the higher prediction, ties ½, all races'
 * pairs together. ½ for predictions that know nothing. NaN when no race has both.
 */
export const withinRaceAuc: Metric = {
  name: 'within_race_auc',
  title: 'AUC within races',
  ...shared,
  prepare: (p, rows) =>
    meanMeasure(rows.days.count, (add) => {
      for (const { race, concordant, pairs } of racesPairs(p, rows)) {
        add(rows.dayOfRace[race] as number, concordant, pairs);
      }
    }),
};

/** The mean of each race's own share, so that a large field counts no more than a small one. */
export const withinRaceAucMean: Metric = {
  name: 'within_race_auc_mean',
  title: 'mean of the races’ AUC',
  ...shared,
  prepare: (p, rows) =>
    meanMeasure(rows.days.count, (add) => {
      for (const { race, concordant, pairs } of racesPairs(p, rows)) {
        if (pairs > 0) add(rows.dayOfRace[race] as number, concordant / pairs, 1);
      }
    }),
};

interface Pairs {
  readonly race: number;
  readonly concordant: number;
  readonly pairs: number;
}

function* racesPairs(p: Float64Array, { y, races }: JudgedRows): Generator<Pairs> {
  for (let race = 0; race < races.count; race += 1) {
    const members = rowsOf(races, race);
    const winners = members.filter((row) => y[row] === 1);
    const losers = members.filter((row) => y[row] === 0);
    let concordant = 0;
    for (const winner of winners) concordant += shareBelow(p, winner, losers);
    yield { race, concordant, pairs: winners.length * losers.length };
  }
}

/** How many losers the winner is above, ties ½. Fields are small, so pair by pair. */
function shareBelow(p: Float64Array, winner: number, losers: Int32Array): number {
  const own = p[winner] as number;
  let below = 0;
  for (const loser of losers) {
    const other = p[loser] as number;
    below += own > other ? 1 : own === other ? 0.5 : 0;
  }
  return below;
}
