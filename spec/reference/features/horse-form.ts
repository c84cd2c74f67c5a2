import { mean, populationVariance, slope, tally } from '../formulas.ts';
import type { Day, Row, Run } from '../run.ts';
import { before, daysSinceLast, entities, inWindow, present, runsBy } from './history.ts';
import { speedFigures } from './speed-figures.ts';

const EWMA_DECAY = 0.6;
const TREND_RUNS = 6;
const RECENT_RUNS = 5;
/** Weight of a run of the last so many days; the first limit that holds counts. */
const RECENCY: readonly (readonly [days: number, weight: number])[] = [
  [14, 1],
  [28, 0.9],
  [42, 0.8],
  [60, 0.6],
  [90, 0.4],
];

export function horseForm(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const runsOf = runsBy(history, 'horse_id', (run) => run.horse_id);
  const figures = speedFigures(history);
  const rows: Row[] = [];
  for (const horse of entities(spine, (run) => run.horse_id)) {
    const career = before(runsOf.get(horse), asOf);
    const speeds = present(career.map((run) => figures.get(run) ?? null));
    rows.push({
      horse_id: horse,
      as_of_date: asOf,
      ...finishes(present(career.map((run) => run.finish_pct))),
      ...speedColumns(speeds),
      ...careerColumns(career, asOf),
      ...lastFive(career.slice(-RECENT_RUNS)),
      form_recency: recency(daysSinceLast(career, asOf)),
    });
  }
  return rows;
}

function finishes(oldestFirst: readonly number[]) {
  const lastSix = oldestFirst.slice(-TREND_RUNS);
  return {
    form_ewma: ewma(oldestFirst),
    form_slope: slope(lastSix),
    form_var: lastSix.length >= 2 ? populationVariance(lastSix) : null,
  };
}

function ewma(oldestFirst: readonly number[]): number | null {
  let sum = 0;
  let weight = 0;
  for (const value of oldestFirst) {
    sum = value + EWMA_DECAY * sum;
    weight = 1 + EWMA_DECAY * weight;
  }
  return weight === 0 ? null : sum / weight;
}

function speedColumns(oldestFirst: readonly number[]) {
  const lastSix = oldestFirst.slice(-TREND_RUNS);
  return {
    speed_runs: oldestFirst.length,
    speed_last: oldestFirst.at(-1) ?? null,
    speed_avg6: mean(lastSix),
    speed_best6: lastSix.length > 0 ? Math.max(...lastSix) : null,
    speed_trend: slope(lastSix),
  };
}

function careerColumns(career: readonly Run[], asOf: Day) {
  const counts = tally(career);
  return {
    last_run_days: daysSinceLast(career, asOf),
    runs_last_90d: inWindow(career, asOf, 90).length,
    career_runs: counts.runs,
    career_wins: counts.wins,
    career_places: counts.places,
  };
}

function lastFive(runs: readonly Run[]) {
  const counts = tally(runs);
  const finishPcts = present(runs.map((run) => run.finish_pct));
  return {
    last5_runs: counts.runs,
    last5_wins: counts.wins,
    last5_places: counts.places,
    last5_win_rate: counts.runs > 0 ? counts.wins / counts.runs : null,
    last5_place_rate: counts.runs > 0 ? counts.places / counts.runs : null,
    last5_avg_pos: mean(present(runs.map((run) => run.pos_num))),
    last5_avg_finish_pct: mean(finishPcts),
    last5_best_finish_pct: finishPcts.length > 0 ? Math.max(...finishPcts) : null,
    form_momentum: momentum(runs),
  };
}

/** Share of places, the newest run weighing 5, the one before 4 and so on. */
function momentum(oldestFirst: readonly Run[]): number | null {
  let sum = 0;
  let weights = 0;
  let weight = RECENT_RUNS;
  for (const run of [...oldestFirst].reverse()) {
    sum += weight * (run.placed ?? 0);
    weights += weight;
    weight -= 1;
  }
  return weights === 0 ? null : sum / weights;
}

function recency(lastRunDays: number | null): number {
  if (lastRunDays === null) return 0.5;
  const step = RECENCY.find(([days]) => lastRunDays <= days);
  return step ? step[1] : 0.2;
}
