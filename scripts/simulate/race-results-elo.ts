import type { Fields } from './csv-text.ts';
import type { DayRows, RunnerRow } from './rows.ts';
import { isPlace } from './rpscrape-rows.ts';

/** Columns of `horse_elo_ratings`. */
export const ELO_COLUMNS =
  'horse_slug race_date race_id elo_before elo_after position total_runners'.split(' ');

const START = 1500;
const K = 28;

/**
 * Ratings as they were before and after each race, one row per starter; no rating moves before its day is over. All pairs of
 * starters are compared; those without a position tie with each other, behind all others.
 */
export function eloRows(days: readonly DayRows[], slug: (name: string) => string): Fields[] {
  const ratings = new Map<string, number>();
  const rows: Fields[] = [];
  for (const day of days) {
    const changes: (readonly [horse: string, change: number])[] = [];
    for (const race of day.races) {
      const starters = startersOf(day, race.race_id);
      for (const runner of starters) {
        const before = ratings.get(runner.horse_id) ?? START;
        const change = changeOf(runner, starters, ratings);
        changes.push([runner.horse_id, change]);
        rows.push({
          horse_slug: slug(runner.horse_id),
          race_date: race.race_date,
          race_id: race.race_id,
          elo_before: before.toFixed(4),
          elo_after: (before + change).toFixed(4),
          position: isPlace(runner.position) ? runner.position : null,
          total_runners: starters.length,
        });
      }
    }
    for (const [horse, change] of changes) {
      ratings.set(horse, (ratings.get(horse) ?? START) + change);
    }
  }
  return rows;
}

/** Starters of a race that has a result. */
function startersOf(day: DayRows, race: string): readonly RunnerRow[] {
  const runners = day.runners.filter(({ race_id: id }) => id === race);
  if (!runners.some(({ position }) => isPlace(position))) return [];
  return runners.filter(({ position }) => position !== 'WD');
}

function changeOf(
  runner: RunnerRow,
  starters: readonly RunnerRow[],
  ratings: ReadonlyMap<string, number>,
): number {
  const own = ratings.get(runner.horse_id) ?? START;
  const surplus = starters.map((other) => {
    if (other === runner) return 0;
    const expected = 1 / (1 + 10 ** (((ratings.get(other.horse_id) ?? START) - own) / 400));
    return score(placeOf(runner), placeOf(other)) - expected;
  });
  return (K / Math.max(1, starters.length - 1)) * surplus.reduce((sum, one) => sum + one, 0);
}

const placeOf = ({ position }: RunnerRow) =>
  isPlace(position) ? Number(position) : Number.POSITIVE_INFINITY;

function score(mine: number, theirs: number): number {
  if (mine === theirs) return 0.5;
  return mine < theirs ? 1 : 0;
}
