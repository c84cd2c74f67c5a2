import { groupBy } from '../group-by.ts';
import type { Day, Row, Run } from '../run.ts';
import { entities, isRun, runOrder } from './history.ts';

const START = 1500;
const K = 28;

interface Rating {
  readonly elo: number;
  readonly runs: number;
}

export function horseElo(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const ratings = ratingsBefore(history, asOf);
  return entities(spine, (run) => run.horse_id).map((horse) => {
    const rating = ratings.get(horse) ?? { elo: START, runs: 0 };
    return { horse_id: horse, as_of_date: asOf, elo: rating.elo, elo_runs: rating.runs };
  });
}

/** How far one history has been rated: everything before `upTo` is in `ratings`. */
interface Progress {
  upTo: Day;
  readonly ratings: Map<string, Rating>;
  readonly days: readonly (readonly Run[])[];
}

const progressOfHistory = new WeakMap<readonly Run[], Progress>();

/** Ratings of all horses rated before the day, by horse. Ascending days continue forward. */
export function ratingsBefore(history: readonly Run[], asOf: Day): ReadonlyMap<string, Rating> {
  const known = progressOfHistory.get(history);
  const progress = known && known.upTo <= asOf ? known : newProgress(history);
  progressOfHistory.set(history, progress);
  for (const day of progress.days) {
    const date = day[0]?.race_date ?? 0;
    if (date >= progress.upTo && date < asOf) rateDay(day, progress.ratings);
  }
  progress.upTo = asOf;
  return progress.ratings;
}

function newProgress(history: readonly Run[]): Progress {
  const runs = history.filter(isRun).sort(runOrder);
  const days = [...groupBy(runs, (run) => String(run.race_date)).values()];
  return { upTo: Number.NEGATIVE_INFINITY, ratings: new Map(), days };
}

/** Every race of the day is rated by what was known in the morning. */
function rateDay(day: readonly Run[], ratings: Map<string, Rating>): void {
  const morning = new Map(ratings);
  const eloOf = (run: Run) => morning.get(run.horse_id)?.elo ?? START;
  for (const race of groupBy(day, (run) => run.race_id).values()) {
    if (race.length < 2) continue;
    for (const run of race) {
      let sum = 0;
      for (const rival of race) {
        if (rival === run) continue;
        const expected = 1 / (1 + 10 ** ((eloOf(rival) - eloOf(run)) / 400));
        sum += score(run.pos_num, rival.pos_num) - expected;
      }
      const rating = ratings.get(run.horse_id) ?? { elo: START, runs: 0 };
      ratings.set(run.horse_id, {
        elo: rating.elo + (K / (race.length - 1)) * sum,
        runs: rating.runs + 1,
      });
    }
  }
}

/** 1 for a better position, ½ for an equal one; no position is behind all positions. */
function score(own: number | null, rival: number | null): number {
  const ownRank = own ?? Number.POSITIVE_INFINITY;
  const rivalRank = rival ?? Number.POSITIVE_INFINITY;
  if (ownRank === rivalRank) return 0.5;
  return ownRank < rivalRank ? 1 : 0;
}
