import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildWarehouse, repositoryRoot } from '../shared/build-warehouse.ts';
import { racingWarehouse, SAMPLE } from '../shared/racing-warehouse.ts';
import { changeResultsFrom } from './change-results.ts';
import { compareTable, describeDifferences } from './compare.ts';
import { featureTables } from './feature-tables.ts';
import { loadSampleRuns } from './load.ts';
import type { Day, Row } from './run.ts';
import { readTable } from './warehouse-tables.ts';

const BUILD_TIMEOUT_MS = 1_200_000;
const TABLE_TIMEOUT_MS = 120_000;
const PROJECT_PARTS = ['velo_project.yml', 'models', 'macros', 'seeds', 'tests'] as const;
const LABELS: ReadonlySet<string> = new Set(['won', 'placed', 'value']);
/** Follow only the card and the class of earlier runs, so no later result can show in it. */
const WITHOUT_RESULTS: ReadonlySet<string> = new Set(['class_profile']);

describe('changing every result on and after a day', () => {
  let workDir = '';
  let shuffledFrom: Day = 0;
  let original = '';
  let changed = '';

  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'velo-shuffle-'));
    const runs = await loadSampleRuns(repositoryRoot);
    const dates = [...new Set(runs.map((run) => run.race_date))].sort((a, b) => a - b);
    shuffledFrom = dates[Math.floor(dates.length * 0.6)] ?? 0;
    original = (await racingWarehouse(SAMPLE)).database;
    changed = await build(workDir, shuffledFrom);
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    if (workDir) await rm(workDir, { recursive: true, force: true });
  });

  test.each(featureTables)(
    '$name: nothing up to that day, something after it',
    async ({ name, keys }) => {
      const before = await readTable(original, name);
      const after = await readTable(changed, name);
      const differencesWhere = (holds: (row: Row) => boolean) =>
        compareTable(
          before.filter(holds).map(withoutLabels),
          after.filter(holds).map(withoutLabels),
          keys,
        );
      const early = differencesWhere((row) => Number(row['as_of_date']) <= shuffledFrom);
      expect(describeDifferences(early)).toBe('');
      const late = differencesWhere((row) => Number(row['as_of_date']) > shuffledFrom);
      if (WITHOUT_RESULTS.has(name)) expect(late).toEqual([]);
      else expect(late.length).toBeGreaterThan(0);
    },
    TABLE_TIMEOUT_MS,
  );
});

async function build(projectDir: string, resultsChangedFrom: Day): Promise<string> {
  for (const part of PROJECT_PARTS) {
    await cp(join(repositoryRoot, part), join(projectDir, part), { recursive: true });
  }
  await changeResultsFrom(join(projectDir, 'seeds'), resultsChangedFrom);
  const targetDir = join(projectDir, 'target');
  const { databasePath } = await buildWarehouse({ projectDir, targetDir, vars: SAMPLE });
  return databasePath;
}

function withoutLabels(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !LABELS.has(column)));
}
