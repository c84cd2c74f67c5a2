import { mean, populationSigma, round9 } from '../formulas.ts';
import { groupBy } from '../group-by.ts';
import type { Run } from '../run.ts';
import { isRun, joinKey, runOrder } from './history.ts';

const PAR_RACES = 10;

const figuresOfHistory = new WeakMap<readonly Run[], ReadonlyMap<Run, number>>();

/**
 * The speed figure of every run that has one: 100 − 10·(time − μ)/σ against the official winners'
 * times over the same course, distance, surface and going group before the run's own day.
 */
export function speedFigures(history: readonly Run[]): ReadonlyMap<Run, number> {
  const known = figuresOfHistory.get(history);
  if (known) return known;
  const figures = new Map<Run, number>();
  const runs = history.filter(isRun).sort(runOrder);
  for (const conditions of groupBy(runs, conditionsOf).values()) figuresOver(conditions, figures);
  figuresOfHistory.set(history, figures);
  return figures;
}

function conditionsOf(run: Run): string | null {
  return joinKey(run.course, run.distance_m, run.surface, run.going_group);
}

function figuresOver(runs: readonly Run[], figures: Map<Run, number>): void {
  const parTimes: number[] = [];
  for (const day of groupBy(runs, (run) => String(run.race_date)).values()) {
    const mu = mean(parTimes);
    const sigma = populationSigma(parTimes);
    const hasPar = parTimes.length >= PAR_RACES && sigma !== null && round9(sigma) > 0;
    for (const run of day) {
      if (!hasPar || mu === null || run.finish_time_s === null) continue;
      figures.set(run, 100 - (10 * (run.finish_time_s - mu)) / sigma);
    }
    parTimes.push(...winningTimes(day));
  }
}

/** One time for each race, also when two share the win. */
function winningTimes(day: readonly Run[]): readonly number[] {
  const times: number[] = [];
  for (const race of groupBy(day, (run) => run.race_id).values()) {
    const ofWinners: number[] = [];
    for (const run of race) {
      if (run.pos_num === 1 && run.finish_time_s !== null) ofWinners.push(run.finish_time_s);
    }
    if (ofWinners.length > 0) times.push(Math.min(...ofWinners));
  }
  return times;
}
