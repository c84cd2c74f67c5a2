import { rowsOf } from '../core/row-groups.ts';
import { CLIP } from './log-loss.ts';
import { type Metric, meanMeasure } from './metric.ts';

/**
 * Mean over races of −ln(p_winner/Σp), the mean of a dead heat's winners; in nats. The share is at least 1e−15. Races
 * without a winner are left out.
 */
export const raceLogLoss: Metric = {
  name: 'race_log_loss',
  title: 'log loss of the winner',
  target: 'binary',
  better: 'lower',
  takes: 'probability',
  needsRaces: true,
  prepare: (p, { y, races, days, dayOfRace }) =>
    meanMeasure(days.count, (add) => {
      for (let race = 0; race < races.count; race += 1) {
        const loss = lossOf(rowsOf(races, race), p, y);
        if (loss !== undefined) add(dayOfRace[race] as number, loss, 1);
      }
    }),
};

function lossOf(members: Int32Array, p: Float64Array, y: Float64Array): number | undefined {
  let total = 0;
  for (const row of members) total += p[row] as number;
  let loss = 0;
  let winners = 0;
  for (const row of members) {
    if (y[row] === 0) continue;
    // A race whose probabilities are all 0 has no shares: the same as a winner given none.
    const share = total > 0 ? (p[row] as number) / total : 0;
    loss -= Math.log(Math.max(share, CLIP));
    winners += 1;
  }
  return winners === 0 ? undefined : loss / winners;
}
