import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';
import { racingWarehouse, SAMPLE } from '../shared/racing-warehouse.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DAY_MS = 86_400_000;

/** Kolmogorov–Smirnov distance by its definition: the greatest difference of the shares at most as high as any value. */
function distance(recent: readonly number[], earlier: readonly number[]): number {
  const share = (values: readonly number[], limit: number) =>
    values.filter((value) => value <= limit).length / values.length;
  const limits = new Set([...recent, ...earlier]);
  return Math.max(
    ...[...limits].map((limit) => Math.abs(share(recent, limit) - share(earlier, limit))),
  );
}

test('racing.md §5.9: drift is the Kolmogorov–Smirnov distance of the newest 30 days and the year before', async () => {
  const targetPath = mkdtempSync(join(tmpdir(), 'velo-drift-'));
  onTestFinished(() => rmSync(targetPath, { recursive: true, force: true }));
  cpSync((await racingWarehouse(SAMPLE)).targetPath, targetPath, { recursive: true });
  const { statuses } = await build(ROOT, {
    targetPath,
    environment: {},
    asOf: '2025-12-31',
    vars: '{drift_ks: -1}',
    select: ['features_have_not_drifted', 'race_card'],
    fullRefresh: true,
  });
  // Every distance is above −1: a warning, which stops nothing.
  expect([statuses['features_have_not_drifted'], statuses['race_card']]).toEqual([
    'warn',
    'success',
  ]);
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  const ask = (sql: string) => query(join(targetPath, file), sql);
  const sql = readFileSync(
    join(targetPath, 'compiled/velo/tests/features_have_not_drifted.sql'),
    'utf8',
  );
  const found = new Map((await ask(sql)).map(([feature, ks]) => [String(feature), Number(ks)]));
  expect(found.size).toBeGreaterThan(80);
  for (const excluded of [
    'career_runs',
    'elo_runs',
    'bias_favourite_z_365d',
    'won',
    'jockey_horse_sr',
  ]) {
    expect(found.has(excluded), excluded).toBe(false);
  }
  const days = (await ask(
    `select cast(as_of_date as varchar), elo, form_slope, cast(is_debutant as integer), rating_pct
     from training_dataset where as_of_date <= (select max(as_of_date) from training_dataset where won is not null)`,
  )) as readonly (readonly [string, ...unknown[]])[];
  const newest = Math.max(...days.map(([day]) => Date.parse(day)));
  const age = (day: string) => (newest - Date.parse(day)) / DAY_MS;
  for (const [index, feature] of ['elo', 'form_slope', 'is_debutant', 'rating_pct'].entries()) {
    // NULL is the lowest value.
    const values = (least: number, before: number) =>
      days
        .filter(([day]) => age(day) >= least && age(day) < before)
        .map((row) =>
          row[index + 1] === null ? Number.NEGATIVE_INFINITY : Number(row[index + 1]),
        );
    expect(found.get(feature), feature).toBeCloseTo(distance(values(0, 30), values(30, 395)), 12);
  }
}, 300_000);
