import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildWarehouse, repositoryRoot } from '../shared/build-warehouse.ts';
import { racingWarehouse, SAMPLE, UK, UK_FOLDER } from '../shared/racing-warehouse.ts';
import { compareTable, describeDifferences } from './compare.ts';
import { marketOfRace, type Price, type Runner } from './features/market.ts';
import { groupBy } from './group-by.ts';
import { readRows, withDatabase } from './load.ts';
import type { Row } from './run.ts';
import { readTable } from './warehouse-tables.ts';

const DECISION_MS = 10 * 60_000;
const TIMEOUT_MS = 600_000;
const KEYS = ['race_id', 'horse_id'];
const PARTS = ['velo_project.yml', 'models', 'macros', 'seeds', 'tests'] as const;

/** A folder that is gone when the test is over. */
async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'velo-market-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Reference rows: the prices of each race among its runners. */
function referenceRows(
  runners: readonly Runner[],
  prices: readonly (Price & { readonly race_id: string })[],
): readonly Row[] {
  const ofRace = groupBy(prices, ({ race_id }) => race_id);
  const races = groupBy(runners, ({ race_id }) => race_id);
  return [...races].flatMap(([id, race]) => marketOfRace(race, ofRace.get(id) ?? []));
}

describe('the sample', () => {
  test('market agrees with loops over the seeds', { timeout: TIMEOUT_MS }, async () => {
    const { database } = await racingWarehouse(SAMPLE);
    const expected = referenceRows(...(await readSeeds()));
    expect(expected.length).toBe(9550);
    const actual = await readTable(database, 'market');
    expect(describeDifferences(compareTable(expected, actual, KEYS))).toBe('');
  });

  test('a price at or after the decision changes nothing, one before it changes its race', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const projectDir = await scratch();
    for (const part of PARTS) {
      await cp(join(repositoryRoot, part), join(projectDir, part), { recursive: true });
    }
    const shared = await racingWarehouse(SAMPLE);
    const targetDir = join(projectDir, 'target');
    await cp(shared.targetPath, targetDir, { recursive: true });
    const tables = async (database: string) =>
      [await readTable(database, 'market'), await readTable(database, 'training_dataset')] as const;
    // The race is off at 12:20; H0440 is at 7.35 the evening before.
    const built = async (...lines: readonly string[]) => {
      const file = join(projectDir, 'seeds/sample_prices.csv');
      await appendFile(file, lines.map((line) => `KEM-240108-1,H0440,${line}\n`).join(''));
      const { databasePath } = await buildWarehouse({ projectDir, targetDir, vars: SAMPLE });
      return tables(databasePath);
    };
    const [before, datasetBefore] = await tables(shared.database);
    const [late, datasetLate] = await built('2024-01-08 12:10,1.5', '2024-01-08 12:10:01,1.6');
    expect(describeDifferences(compareTable(before, late, KEYS))).toBe('');
    expect(describeDifferences(compareTable(datasetBefore, datasetLate, KEYS))).toBe('');
    const [early] = await built('2024-01-08 12:09:59,1.7');
    const differences = compareTable(before, early, KEYS);
    expect(new Set(differences.map(({ key }) => key.split(' ')[0]))).toEqual(
      new Set(['race_id=KEM-240108-1']),
    );
    const changed = early.find(
      (row) => row['race_id'] === 'KEM-240108-1' && row['horse_id'] === 'H0440',
    );
    expect(changed).toMatchObject({ best_price: 1.7, price_rank: 1, is_favourite: true });
  });
});

/** Runners and prices straight from the files; the sample's clock has no zone. */
async function readSeeds() {
  const csv = (name: string) =>
    `read_csv('${join(repositoryRoot, 'seeds', name)}', header = true, all_varchar = true)`;
  const time = (text: unknown) => Date.parse(`${String(text).replace(' ', 'T')}Z`);
  return withDatabase(null, async (connection) => {
    const offs = new Map<string, number>();
    for (const row of await readRows(connection, `from ${csv('sample_races.csv')}`)) {
      offs.set(String(row['race_id']), time(row['off_at']));
    }
    const entries = await readRows(connection, `from ${csv('sample_runners.csv')}`);
    const runners = entries.map((row) => ({
      race_id: String(row['race_id']),
      horse_id: String(row['horse_id']),
      is_starter: row['position'] !== 'WD',
      decision: (offs.get(String(row['race_id'])) ?? Number.NaN) - DECISION_MS,
    }));
    const snapshots = await readRows(connection, `from ${csv('sample_prices.csv')}`);
    const prices = snapshots.map((row) => ({
      race_id: String(row['race_id']),
      horse_id: String(row['horse_id']),
      book: 'sample',
      at: time(row['snapshot_at']),
      price: Number(row['odds']),
    }));
    return [runners, prices] as const;
  });
}

// 26 October 2025: clocks went from 2:00 BST to 1:00 GMT in the night.
const UK_DATES = [
  '2025-10-01',
  '2025-10-25',
  '2025-10-26',
  '2025-10-27',
  '2025-11-29',
  '2025-11-30',
];

test('Britain and Ireland: market agrees with loops over the ticks', {
  timeout: TIMEOUT_MS,
}, async ({ skip }) => {
  skip(
    !existsSync(UK_FOLDER),
    `${UK_FOLDER} is absent: the prices of Britain and Ireland are not in the repository`,
  );
  const { database } = await racingWarehouse(UK);
  const days = UK_DATES.map((date) => `'${date}'`).join(', ');
  const spine = await readTable(database, 'spine', `where race_date in (${days})`);
  const runners = spine.map((row) => ({
    race_id: String(row['race_id']),
    horse_id: String(row['horse_id']),
    is_starter: row['is_starter'] === true,
    decision: row['off_at'] === null ? null : londonTime(String(row['off_at'])) - DECISION_MS,
  }));
  const expected = referenceRows(runners, await readTicks(spine, days));
  expect(expected.filter((row) => row['best_price'] !== null).length).toBeGreaterThan(1000);
  const actual = await readTable(database, 'market', `where as_of_date in (${days})`);
  expect(describeDifferences(compareTable(expected, actual, KEYS))).toBe('');
});

/** The moment, in ms, of a clock in London: the offset that Intl knows for it. */
function londonTime(clock: string): number {
  const asUtc = Date.parse(`${clock.replace(' ', 'T')}Z`);
  const summer = new Intl.DateTimeFormat('en', {
    timeZone: 'Europe/London',
    timeZoneName: 'longOffset',
  })
    .format(asUtc)
    .includes('+01:00');
  return summer ? asUtc - 3_600_000 : asUtc;
}

const MADE_OF_OTHERS = new Set(['Best', 'ORI', 'BFOri']);

async function readTicks(spine: readonly Row[], days: string) {
  const key = (day: unknown, course: unknown, horse: unknown) => `${day}|${course}|${horse}`;
  const letters = (course: unknown) =>
    String(course)
      .toUpperCase()
      .replaceAll(/[^A-Z]/g, '');
  const races = new Map(
    spine.map((row) => [key(row['race_date'], letters(row['course']), row['horse_id']), row]),
  );
  const rows = await withDatabase(null, (connection) =>
    readRows(
      connection,
      `select race_date, course_key, horse_key, book, epoch_ms(ts) as at, min(px) as price
       from '${join(UK_FOLDER, 'odds_ticks.parquet')}' where race_date in (${days}) group by all`,
    ),
  );
  return rows.flatMap((row) => {
    const run = races.get(key(row['race_date'], row['course_key'], row['horse_key']));
    if (!run || MADE_OF_OTHERS.has(String(row['book']))) return [];
    return {
      race_id: String(run['race_id']),
      horse_id: String(row['horse_key']),
      book: String(row['book']),
      at: Number(row['at']),
      price: Number(row['price']),
    };
  });
}
