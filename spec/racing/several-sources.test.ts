import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SMALL } from '../../scripts/simulate/sample.ts';
import { simulate } from '../../scripts/simulate/simulate.ts';
import { csvPaths, writeCsv } from '../../scripts/simulate/write-csv.ts';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINUTE = 60_000;

// The same simulated racing through two layouts: every horse, jockey, trainer and course has one name in both, so that
// whatever is not kept apart shows.
const folder = mkdtempSync(join(tmpdir(), 'velo-several-'));
const DATA_PATH = { files: folder, rpscrape: join(ROOT, 'fixtures/rpscrape') };
const SYSTEMS = ['files', 'rpscrape'] as const;
const databases = new Map<string, string>();

async function buildFrom(source: string | readonly string[], name: string): Promise<void> {
  const targetPath = join(folder, name);
  const vars = { source, data_path: DATA_PATH, data_format: 'csv', begin: '2025-01-01' };
  const { result } = await build(ROOT, {
    vars: JSON.stringify(vars),
    targetPath,
    environment: {},
    asOf: '2025-12-31',
  });
  const wrong = result.results.filter(({ status }) => status !== 'success' && status !== 'pass');
  expect(wrong.map(({ node, message }) => `${node}: ${message}`)).toEqual([]);
  databases.set(name, join(targetPath, 'velo.duckdb'));
}

beforeAll(async () => {
  await writeCsv(simulate(SMALL), csvPaths(folder));
  for (const system of SYSTEMS) await buildFrom(system, system);
  await buildFrom(SYSTEMS, 'both');
}, 5 * MINUTE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = [
  ...['runs', 'speed_figures', 'trainer_velocity', 'jockey_velocity', 'trainer_jockey_combo'],
  ...['horse_form', 'horse_elo', 'horse_sectionals', 'course_going_bias', 'draw_bias'],
  ...['connections', 'horse_preferences', 'class_profile', 'training_dataset'],
];
const IDS = ['race_id', 'horse_id', 'jockey_id', 'trainer_id', 'course'];

const rowsOf = async (name: string, sql: string) => query(databases.get(name) ?? '', sql);

const columnsOf = async (name: string, table: string) =>
  (
    await rowsOf(
      name,
      `select column_name from information_schema.columns
       where table_name = '${table}' and table_schema = 'main' order by ordinal_position`,
    )
  ).map(([column]) => String(column));

test.each(SYSTEMS.flatMap((system) => TABLES.map((table) => [system, table] as const)))(
  'beside another system the rows of %s are what they are alone: %s',
  async (system, table) => {
    const columns = await columnsOf(system, table);
    const quoted = columns.map((column) => `"${column}"`).join(', ');
    const stripped = columns.map((column) =>
      IDS.includes(column) ? `substr("${column}", ${system.length + 2})` : `"${column}"`,
    );
    const key = columns.find((column) => IDS.includes(column));
    const order = columns.map((_, index) => index + 1).join(', ');
    const alone = await rowsOf(system, `select ${quoted} from ${table} order by ${order}`);
    const beside = await rowsOf(
      'both',
      `select ${stripped.join(', ')} from ${table}
     where starts_with("${key}", '${system}:') order by ${order}`,
    );
    expect(alone.length).toBeGreaterThan(50);
    expect(beside).toEqual(alone);
  },
);

test('every id and course carries the name of its system', async () => {
  const plain = IDS.map((id) => `count(*) filter (not starts_with(${id}, source_system || ':'))`);
  const [counts] = await rowsOf('both', `select ${plain.join(', ')} from runs`);
  expect(counts?.map(Number)).toEqual(IDS.map(() => 0));
});

test('alone a system keeps its own ids', async () => {
  const own = await rowsOf('files', `select count(*) from runs where contains(horse_id, ':')`);
  expect(own.map(String)).toEqual(['0']);
});
