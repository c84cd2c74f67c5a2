import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type OlderTable, olderTables } from '../../scripts/docs/older-systems/older-tables.ts';
import { withTables } from '../../scripts/docs/older-systems/render-tables.ts';
import { parse } from '../../src/api/parse.ts';
import { ROOT, readText } from './documents.ts';

const GUIDE = 'docs/guides/from-older-systems.md';

/** The families racing.md §3 lists of the rebuild worker's dataset. */
const FAMILIES = [
  ...['context', 'career', 'last five', 'Elo', 'connections', 'pace and running style'],
  ...['speed figures', 'class', 'field percentiles', 'odds', 'distance and weight suitability'],
  ...['barrier and rail', 'interactions', 'sectionals', 'specialist flags'],
  'weather and going preference',
];

let tables: readonly OlderTable[] = [];
const dataset = (): OlderTable => {
  const found = tables.find(({ name }) => name === 'race_training_dataset');
  if (!found) throw new Error('there is no view race_training_dataset');
  return found;
};

beforeAll(async () => {
  const targetPath = mkdtempSync(join(tmpdir(), 'velo-older-systems-'));
  try {
    await parse({ projectDir: ROOT, targetPath, environment: { HOME: ROOT }, emit: () => {} });
    tables = olderTables(JSON.parse(readFileSync(join(targetPath, 'manifest.json'), 'utf8')));
  } finally {
    rmSync(targetPath, { recursive: true, force: true });
  }
});

it('the guide has the tables that `npm run older-systems` writes now', () => {
  const guide = readText(GUIDE);
  expect(withTables(guide, tables)).toBe(guide);
});

it('covers every family, with more than 140 columns', () => {
  const { columns, dropped } = dataset();
  expect(columns.length).toBeGreaterThan(140);
  const covered = new Set([...columns, ...dropped].map(({ family }) => family));
  expect(FAMILIES.filter((family) => !covered.has(family))).toEqual([]);
});

it('has no column that it says is dropped, and none that is an outcome of runs', () => {
  const { columns, dropped } = dataset();
  const names = new Set(columns.map(({ name }) => name));
  expect(dropped.filter(({ name }) => names.has(name))).toEqual([]);
  const outcomes = ['pos_num', 'odds', 'finish_time_s', 'early_pos', 'late_pos', 'finish_pct'];
  const read = tables.flatMap((table) => table.columns.map(({ ours }) => ours ?? ''));
  expect(read.filter((ours) => outcomes.includes(ours.split('.')[1] ?? ''))).toEqual([]);
});
