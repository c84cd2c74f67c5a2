import { describe, expect, test } from 'vitest';
import type { PriceRow, RunnerRow } from './rows.ts';
import { groupBy, mean, type Race, run, starters } from './simulated-races.ts';

const won = (runner: RunnerRow) => (runner.position === '1' ? 1 : 0);
const implied = (runner: RunnerRow) => 1 / Number(runner.odds);
const book = (race: Race) => race.starters.reduce((sum, one) => sum + implied(one), 0);

/** Mean distance of the prices from the final odds, on the log scale, over the starters. */
function distance(race: Race, prices: readonly PriceRow[]): number {
  const final = new Map(race.starters.map((row) => [row.horse_id, Number(row.odds)]));
  const errors = prices.flatMap((row) => {
    const odds = final.get(row.horse_id);
    return odds === undefined ? [] : Math.abs(Math.log(Number(row.odds) / odds));
  });
  return mean(errors);
}

describe('market', () => {
  test('favourites win about a third', () => {
    const favourites = run
      .filter((race) => race.starters.length > 1)
      .map((race) =>
        race.starters.reduce((best, one) => (implied(one) > implied(best) ? one : best)),
      );
    expect(mean(favourites.map(won))).toBeGreaterThan(0.28);
    expect(mean(favourites.map(won))).toBeLessThan(0.38);
  });

  test('the mean book is 0.993 + 0.0185 for each starter', () => {
    const bySize = groupBy(run, (race) => race.starters.length);
    for (const [size, group] of bySize) {
      // A walkover would be priced below the lowest odds there are.
      if (size === 1) for (const race of group) expect(race.starters[0]?.odds).toBe('1.01');
      else if (group.length >= 10)
        expect(Math.abs(mean(group.map(book)) - (0.993 + 0.0185 * size))).toBeLessThan(0.02);
    }
    expect(Math.min(...starters.map(({ runner }) => Number(runner.odds)))).toBeGreaterThanOrEqual(
      1.01,
    );
  });

  test('odds are informative, but do not know the result', () => {
    const winners = starters.filter(({ runner, race }) => won(runner) && race.starters.length > 1);
    const loss = mean(winners.map(({ runner, race }) => -Math.log(implied(runner) / book(race))));
    const chance = mean(winners.map(({ race }) => Math.log(race.starters.length)));
    expect(loss).toBeLessThan(0.92 * chance);
    expect(loss).toBeGreaterThan(0.6 * chance);
  });

  test('outsiders are worse value than favourites', () => {
    const worth = (from: number, to: number) => {
      const band = starters.filter(
        ({ runner }) => Number(runner.odds) >= from && Number(runner.odds) < to,
      );
      return (
        mean(band.map(({ runner }) => won(runner))) /
        mean(band.map(({ runner }) => implied(runner)))
      );
    };
    expect(worth(1.5, 4)).toBeGreaterThan(worth(21, 600) + 0.05);
    expect(worth(1.5, 4)).toBeLessThan(1);
  });

  test('every race is priced four times, never after the off', () => {
    for (const race of run) {
      const moments = [...new Set(race.prices.map((row) => row.snapshot_at))];
      expect(moments).toHaveLength(4);
      expect(moments).toEqual([...moments].sort());
      expect(moments.at(-1)).toSatisfy((last: string) => last < race.card.off_at);
    }
  });

  test('books tighten and prices close in on the final odds through the day', () => {
    const moments = run.flatMap((race) =>
      [...groupBy(race.prices, (row) => row.snapshot_at).values()].map((rows, moment) => ({
        moment,
        margin: rows.reduce((sum, row) => sum + 1 / Number(row.odds), 0) - 1,
        error: distance(race, rows),
      })),
    );
    const byMoment = [...groupBy(moments, (one) => one.moment).values()];
    const margins = byMoment.map((group) => mean(group.map((one) => one.margin)));
    const errors = byMoment.map((group) => mean(group.map((one) => one.error)));
    expect(margins).toHaveLength(4);
    expect(margins).toEqual([...margins].sort((a, b) => b - a));
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
  });
});

describe('racing', () => {
  const sprints = (course: string) =>
    starters.filter(({ race }) => race.card.course === course && race.card.distance_m <= 1200);
  const impact = (of: typeof starters) =>
    mean(of.map(({ runner }) => won(runner))) /
    mean(of.map(({ race }) => 1 / race.starters.length));
  const low = (of: typeof starters) =>
    of.filter(({ runner, race }) => 3 * runner.draw <= race.starters.length);
  const high = (of: typeof starters) =>
    of.filter(({ runner, race }) => 3 * runner.draw > 2 * race.starters.length);

  test('low stalls win the sprints of Kemble Park, and nothing like it at Thornwick', () => {
    expect(impact(low(sprints('Kemble Park')))).toBeGreaterThan(1.2);
    expect(impact(high(sprints('Kemble Park')))).toBeLessThan(0.85);
    expect(Math.abs(impact(low(sprints('Thornwick'))) - 1)).toBeLessThan(0.15);
  });

  test('trainers and jockeys differ by more than luck', () => {
    for (const key of ['trainer_id', 'jockey_id'] as const) {
      const groups = [...groupBy(starters, ({ runner }) => runner[key]).values()].filter(
        (one) => one.length > 300,
      );
      const scores = groups.map((group) => {
        const chances = group.map(({ race }) => 1 / race.starters.length);
        const excess =
          group.reduce((sum, { runner }) => sum + won(runner), 0) -
          chances.reduce((a, b) => a + b, 0);
        return excess ** 2 / chances.reduce((sum, p) => sum + p * (1 - p), 0);
      });
      // A chi-square with one degree of freedom each has mean 1 when there is only luck.
      expect(mean(scores)).toBeGreaterThan(1.7);
    }
  });

  test('horses mature: four-year-olds beat two-year-olds and the old', () => {
    const open = starters.filter(({ race }) => race.card.is_handicap);
    const at = (age: number) => impact(open.filter(({ runner }) => runner.age === age));
    expect(at(4)).toBeGreaterThan(at(7));
  });

  test('ratings say who wins where weights do not equalise', () => {
    const level = starters.filter(
      ({ race, runner }) => !race.card.is_handicap && runner.rating !== null,
    );
    const above = level.filter(({ race, runner }) => {
      const rated = race.starters.flatMap((one) => one.rating ?? []);
      return (runner.rating ?? 0) > mean(rated);
    });
    expect(impact(above)).toBeGreaterThan(1.1);
  });

  test('class tells: better races are run faster', () => {
    const winners = starters.filter(
      ({ runner, race }) =>
        won(runner) && race.card.distance_m === 1600 && race.card.surface === 'AWT',
    );
    const seconds = (name: string) =>
      mean(
        winners
          .filter(({ race }) => race.card.race_class === name)
          .map(({ runner }) => Number(runner.finish_time_s)),
      );
    expect(seconds('Class 2')).toBeLessThan(seconds('Class 5'));
  });
});
