import { beforeAll, describe, expect, test } from 'vitest';
import { racingWarehouse, type Vars } from '../shared/racing-warehouse.ts';
import { compareTable, describeDifferences } from './compare.ts';
import { featureTables, type ReferenceTable } from './feature-tables.ts';
import { isRun, rowsOnce } from './features/history.ts';
import { ratingsBefore } from './features/horse-elo.ts';
import { groupBy } from './group-by.ts';
import type { Day, Row, Run } from './run.ts';
import { sampledDates } from './sampled-dates.ts';
import { readTableAt } from './warehouse-tables.ts';

const BUILD_TIMEOUT_MS = 1_200_000;
const TABLE_TIMEOUT_MS = 600_000;
const DATES = 40;

export interface Source {
  readonly name: string;
  readonly vars: Vars;
  /** Why the suite cannot run here, or NULL. */
  readonly skipReason: string | null;
  readonly loadRuns: (databasePath: string) => Promise<readonly Run[]>;
}

/** Declares the tests of one source's warehouse: every table, column by column, on sampled dates. */
export function agreesWithReference(source: Source): void {
  describe(`the warehouse of ${source.name} agrees with the reference`, () => compared(source));
}

function compared(source: Source): void {
  let runs: readonly Run[] = [];
  let spines: ReadonlyMap<Day, readonly Run[]> = new Map();
  let databasePath = '';
  const dates = () => [...spines.keys()];

  beforeAll(async () => {
    if (source.skipReason) return;
    databasePath = (await racingWarehouse(source.vars)).database;
    runs = await source.loadRuns(databasePath);
    const sampled = sampledDates(runs, DATES);
    spines = new Map(sampled.map((date) => [date, runs.filter((run) => run.race_date === date)]));
  }, BUILD_TIMEOUT_MS);

  test('at least 40 dates are sampled', (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    expect(dates().length).toBeGreaterThanOrEqual(DATES);
  });

  test('Elo is zero-sum over all horses rated', (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    for (const date of dates()) {
      const ratings = [...ratingsBefore(runs, date).values()];
      const sum = ratings.reduce((total, rating) => total + rating.elo, 0);
      expect(Math.abs(sum - 1500 * ratings.length)).toBeLessThan(1e-6);
    }
    expect(ratingsBefore(runs, Number.POSITIVE_INFINITY).size).toBe(ratedHorses(runs));
  });

  test('runs', { timeout: TABLE_TIMEOUT_MS }, async (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    const actual = await readTableAt(databasePath, 'runs', dates(), 'race_date');
    const expected = [...spines.values()].flat().map((run) => ({ ...run }));
    expect(describeDifferences(compareTable(expected, actual, ['race_id', 'horse_id']))).toBe('');
  });

  test.for(featureTables)('$name', { timeout: TABLE_TIMEOUT_MS }, async (table, context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    const actual = await readTableAt(databasePath, table.name, dates());
    const expected = [...spines].flatMap(([date, spine]) =>
      rowsOnce(table.rows, runs, spine, date),
    );
    expect(describeDifferences(compareTable(expected, actual, table.keys))).toBe('');
    expect(columnsWithoutReference(table, expected, actual)).toEqual([]);
  });
}

/** Made of prices, which market.test.ts compares. */
const OF_MARKET = /^market_|^decision_ts$/;

/** Columns of the warehouse that nothing was compared with. */
function columnsWithoutReference(
  { name }: ReferenceTable,
  expected: readonly Row[],
  actual: readonly Row[],
): readonly string[] {
  const known = new Set(Object.keys(expected[0] ?? {}));
  const unknown = Object.keys(actual[0] ?? {}).filter(
    (column) => !known.has(column) && !OF_MARKET.test(column),
  );
  return unknown.map((column) => `${name}.${column}`);
}

function ratedHorses(runs: readonly Run[]): number {
  const races = groupBy(runs.filter(isRun), (run) => run.race_id);
  const rated = [...races.values()].filter((race) => race.length > 1).flat();
  return new Set(rated.map((run) => run.horse_id)).size;
}
