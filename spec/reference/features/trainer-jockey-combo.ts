import { strikeRate, tally } from '../formulas.ts';
import type { Day, Row, Run } from '../run.ts';
import { baseRate, inWindow, joinKey, runsBy } from './history.ts';

const COMBO_DAYS = 365;
const SINGLE_DAYS = 90;

export function trainerJockeyCombo(
  history: readonly Run[],
  spine: readonly Run[],
  asOf: Day,
): Row[] {
  const pairOf = (run: Run) => joinKey(run.trainer_id, run.jockey_id);
  const base = baseRate(history, asOf);
  const runsOfPair = runsBy(history, 'trainer_jockey', pairOf);
  const runsOfTrainer = runsBy(history, 'trainer_id', (run) => run.trainer_id);
  const runsOfJockey = runsBy(history, 'jockey_id', (run) => run.jockey_id);
  const rows = new Map<string, Row>();
  for (const { trainer_id, jockey_id } of spine) {
    const pair = joinKey(trainer_id, jockey_id);
    if (pair === null || trainer_id === null || jockey_id === null || rows.has(pair)) continue;
    const counts = tally(inWindow(runsOfPair.get(pair), asOf, COMBO_DAYS));
    const rate = (runs: readonly Run[] | undefined) =>
      strikeRate(tally(inWindow(runs, asOf, SINGLE_DAYS)), base);
    const combo = strikeRate(counts, base);
    const trainer = rate(runsOfTrainer.get(trainer_id));
    const jockey = rate(runsOfJockey.get(jockey_id));
    const known = combo !== null && trainer !== null && jockey !== null;
    rows.set(pair, {
      trainer_id,
      jockey_id,
      as_of_date: asOf,
      combo_sr: combo,
      runs: counts.runs,
      wins: counts.wins,
      uplift: known ? combo - (trainer + jockey) / 2 : null,
    });
  }
  return [...rows.values()];
}
