import { round9, strikeRate, tally } from '../formulas.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { baseRate, before, daysSinceLast, entities, inWindow, runsBy } from './history.ts';

const WINDOW_DAYS = [14, 30, 90, 365] as const;
const MARKET_DAYS = 90;

export function trainerVelocity(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  return velocity('trainer_id', history, spine, asOf);
}

export function jockeyVelocity(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  return velocity('jockey_id', history, spine, asOf);
}

function velocity(
  idColumn: 'trainer_id' | 'jockey_id',
  history: readonly Run[],
  spine: readonly Run[],
  asOf: Day,
): Row[] {
  const runsOf = runsBy(history, idColumn, (run) => run[idColumn]);
  const base = baseRate(history, asOf);
  const rows: Row[] = [];
  for (const id of entities(spine, (run) => run[idColumn])) {
    const career = before(runsOf.get(id), asOf);
    const row: Record<string, Value> = { [idColumn]: id, as_of_date: asOf };
    for (const days of WINDOW_DAYS) {
      const counts = tally(inWindow(career, asOf, days));
      row[`sr_${days}d`] = strikeRate(counts, base);
      row[`runs_${days}d`] = counts.runs;
      row[`wins_${days}d`] = counts.wins;
    }
    rows.push({
      ...row,
      ae_90d: actualOverExpected(inWindow(career, asOf, MARKET_DAYS)),
      days_since_last_run: daysSinceLast(career, asOf),
    });
  }
  return rows;
}

/** Σwon/Σe over runs whose race has a complete book; NULL without any. */
function actualOverExpected(runs: readonly Run[]): number | null {
  let wins = 0;
  let expected = 0;
  for (const run of runs) {
    if (run.market_e === null) continue;
    wins += run.won ?? 0;
    expected += run.market_e;
  }
  return round9(expected) === 0 ? null : wins / expected;
}
