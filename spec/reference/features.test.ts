import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWarehouse, repositoryRoot } from './build-warehouse.ts';
import { compareTable, describeDifferences } from './compare.ts';
import { featureTables, type ReferenceTable } from './feature-tables.ts';
import { isRun } from './features/history.ts';
import { ratingsBefore } from './features/horse-elo.ts';
import { groupBy } from './group-by.ts';
import { loadHkRuns, loadSampleRuns } from './load.ts';
import type { Day, Row, Run } from './run.ts';
import { sampledDates } from './sampled-dates.ts';
import { readTableAt } from './warehouse-tables.ts';

const BUILD_TIMEOUT_MS = 1_200_000;
const LOAD_TIMEOUT_MS = 120_000;
const TABLE_TIMEOUT_MS = 180_000;
const DATES = 35;
const HK_FOLDER = '../shared/data/hk';

interface Source {
  readonly name: string;
  readonly vars: Readonly<Record<string, string>>;
  /** Why the suite cannot run here, or NULL. */
  readonly skipReason: string | null;
  readonly loadRuns: () => Promise<readonly Run[]>;
}

const hkFolder = join(repositoryRoot, HK_FOLDER);

const sources: readonly Source[] = [
  {
    name: 'sample',
    vars: {},
    skipReason: null,
    loadRuns: once(() => loadSampleRuns(repositoryRoot)),
  },
  {
    name: 'hk',
    vars: { source: 'hk', data_path: hkFolder },
    skipReason: existsSync(hkFolder) ? null : `${HK_FOLDER} is not on this machine`,
    loadRuns: once(() => loadHkRuns(join(hkFolder, 'runs.parquet'))),
  },
];

// Both suites of a source read the same rows, and Hong Kong takes a while.
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

describe.each(sources)('the reference on $name', (source) => {
  let runs: readonly Run[] = [];
  let dates: readonly Day[] = [];

  beforeAll(async () => {
    if (source.skipReason) return;
    runs = await source.loadRuns();
    dates = sampledDates(runs, DATES);
  }, LOAD_TIMEOUT_MS);

  test('at least 30 dates are sampled', (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    expect(dates.length).toBeGreaterThanOrEqual(30);
  });

  test('Elo is zero-sum over all horses rated', (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    for (const date of dates) {
      const ratings = [...ratingsBefore(runs, date).values()];
      const sum = ratings.reduce((total, rating) => total + rating.elo, 0);
      expect(Math.abs(sum - 1500 * ratings.length)).toBeLessThan(1e-6);
    }
    expect(ratingsBefore(runs, Number.POSITIVE_INFINITY).size).toBe(ratedHorses(runs));
  });
});

function ratedHorses(runs: readonly Run[]): number {
  const races = groupBy(runs.filter(isRun), (run) => run.race_id);
  const rated = [...races.values()].filter((race) => race.length > 1).flat();
  return new Set(rated.map((run) => run.horse_id)).size;
}

describe.each(sources)('the warehouse of $name agrees with the reference', (source) => {
  let runs: readonly Run[] = [];
  let dates: readonly Day[] = [];
  let databasePath = '';
  let targetDir = '';

  beforeAll(async () => {
    if (source.skipReason) return;
    runs = await source.loadRuns();
    dates = sampledDates(runs, DATES);
    targetDir = await mkdtemp(join(tmpdir(), 'velo-reference-'));
    const options = { projectDir: repositoryRoot, targetDir, vars: source.vars };
    databasePath = (await buildWarehouse(options)).databasePath;
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    if (targetDir) await rm(targetDir, { recursive: true, force: true });
  });

  test('runs', { timeout: TABLE_TIMEOUT_MS }, async (context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    const actual = await readTableAt(databasePath, 'runs', dates, 'race_date');
    const expected = runs.filter((run) => dates.includes(run.race_date)).map((run) => ({ ...run }));
    expect(describeDifferences(compareTable(expected, actual, ['race_id', 'horse_id']))).toBe('');
  });

  test.for(featureTables)('$name', { timeout: TABLE_TIMEOUT_MS }, async (table, context) => {
    context.skip(source.skipReason !== null, source.skipReason ?? '');
    const actual = await readTableAt(databasePath, table.name, dates);
    const expected = referenceRows(table, runs, dates);
    expect(describeDifferences(compareTable(expected, actual, table.keys))).toBe('');
  });
});

function referenceRows(
  table: ReferenceTable,
  runs: readonly Run[],
  dates: readonly Day[],
): readonly Row[] {
  return dates.flatMap((date) => {
    const spine = runs.filter((run) => run.race_date === date);
    return table.rows(runs, spine, date);
  });
}
