import { rowsOf } from '../core/row-groups.ts';
import { type Metric, meanMeasure } from './metric.ts';

/** The share of races whose highest prediction won; of k tied picks the mean of their results. */
export const topPick: Metric = {
  name: 'top_pick',
  title: 'strike rate of the top pick',
  target: 'binary',
  better: 'higher',
  takes: 'score',
  needsRaces: true,
  prepare: (p, { y, races, days, dayOfRace }) =>
    meanMeasure(days.count, (add) => {
      for (let race = 0; race < races.count; race += 1) {
        add(dayOfRace[race] as number, pickOf(rowsOf(races, race), p, y), 1);
      }
    }),
};

function pickOf(members: Int32Array, p: Float64Array, y: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  let picks = 0;
  let wins = 0;
  for (const row of members) {
    const own = p[row] as number;
    if (own < highest) continue;
    if (own > highest) {
      highest = own;
      picks = 0;
      wins = 0;
    }
    picks += 1;
    wins += y[row] as number;
  }
  return wins / picks;
}
