import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, test } from 'vitest';
import { build } from '../as-of/build.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINUTE = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'velo-hk-codes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sections = [1, 2, 3, 4, 5, 6].flatMap((k) => [
  `cast(null as double) as sec${k}_s`,
  `cast(null as integer) as sec${k}_pos`,
]);

/** One race in the columns of the Hong Kong files, a runner for each position. */
async function writeRace(positions: readonly string[]): Promise<void> {
  const runners = positions.map((position, index) => `(${index + 1}, '${position}')`).join(', ');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`copy (
    select '2024-05-03_ST_01' as race_id, date '2024-05-03' as race_date, 1 as race_no, 'ST' as venue,
      '甲讓賽' as race_name_zh, '第四班' as race_class_zh, 1200 as distance_m, 'TURF' as surface, 'GOOD' as going,
      1000000 as prize_hkd, 'H' || n as horse_code, 'J' || n as jockey_zh, 'T' || n as trainer_zh, n as draw,
      120 as actual_wt_lbs, 50 as horse_rating, place_raw, cast(null as double) as finish_time_s,
      2.0 * ${positions.length} / 3 as win_odds, ${sections.join(', ')}
    from (values ${runners}) as runners (n, place_raw)
  ) to '${join(folder, 'runs.parquet')}'`);
  connection.closeSync();
  instance.closeSync();
}

async function statuses(): Promise<Readonly<Record<string, string>>> {
  const vars = { source: 'hk', data_path: folder, begin: '2024-01-01' };
  const run = await build(ROOT, {
    vars: JSON.stringify(vars),
    targetPath: join(folder, 'target'),
    environment: {},
    asOf: '2024-05-04',
  });
  return run.statuses;
}

test(
  'a Hong Kong code nobody knows fails the build: nothing below is published',
  async () => {
    await writeRace(['1', '2', 'ZZZ']);
    const { stg_hk_runs, hk_codes_are_known, staged_runs, training_dataset } = await statuses();
    expect(hk_codes_are_known).toBe('fail');
    expect(['fail', 'error']).toContain(stg_hk_runs);
    expect([staged_runs, training_dataset]).toEqual(['skipped', 'skipped']);
  },
  2 * MINUTE,
);

test(
  'codes that are known do not',
  async () => {
    await writeRace(['1', '2', 'DISQ', 'WV-A', 'PU']);
    const bad = ['fail', 'error', 'skipped', 'warn'];
    const found = Object.entries(await statuses()).filter(([, status]) => bad.includes(status));
    expect(found).toEqual([]);
  },
  2 * MINUTE,
);
