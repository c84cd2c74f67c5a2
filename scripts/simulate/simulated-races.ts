import type { DayRows, PriceRow, RaceRow, RunnerRow } from './rows.ts';
import { simulate } from './simulate.ts';

/** A race with its rows put together again from the tables. */
export interface Race {
  readonly day: number;
  readonly card: RaceRow;
  readonly runners: readonly RunnerRow[];
  /** Runners with a position or code, withdrawn ones left out. */
  readonly starters: readonly RunnerRow[];
  readonly prices: readonly PriceRow[];
}

/** A world large enough for statistics, read back from its rows only. */
export const days: readonly DayRows[] = [
  ...simulate({ seed: 20, firstSeason: 2022, seasons: 3, runs: 50_000 }),
];
export const races: readonly Race[] = days.flatMap(collectRaces);
/** Races with a result. */
export const run = races.filter((race) => race.starters.length > 0);
export const starters = run.flatMap((race) => race.starters.map((runner) => ({ runner, race })));

export function groupBy<Item, Key>(
  items: readonly Item[],
  key: (item: Item) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function collectRaces(of: DayRows): Race[] {
  const runners = groupBy(of.runners, (row) => row.race_id);
  const prices = groupBy(of.prices, (row) => row.race_id);
  return of.races.map((card) => {
    const declared = runners.get(card.race_id) ?? [];
    return {
      day: of.day,
      card,
      runners: declared,
      starters: declared.filter((row) => row.position !== null && row.position !== 'WD'),
      prices: prices.get(card.race_id) ?? [],
    };
  });
}
