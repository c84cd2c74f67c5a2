import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINUTE = 60_000;

// Result files of 37 columns repeat the race on every row, so that rows can contradict each other. Five races of the
// fixture, four of them with something wrong.
const folder = mkdtempSync(join(tmpdir(), 'velo-result-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [HEADER = '', ...LINES] = readFileSync(join(ROOT, 'fixtures/rpscrape/results.csv'), 'utf8')
  .trim()
  .split('\n');
const COLUMNS = HEADER.split(',');
const raceOf = (line: string) => line.split(',')[COLUMNS.indexOf('race_id')] ?? '';
const RACES = [...new Set(LINES.map(raceOf))].slice(0, 5);
const starters = (race: number) => LINES.filter((line) => raceOf(line) === RACES[race]);

/** The line with one field changed. */
const changed = (line: string, column: string, text: string) =>
  line
    .split(',')
    .map((field, index) => (index === COLUMNS.indexOf(column) ? text : field))
    .join(',');

const changeFirst = (race: number, column: string, text: string): readonly string[] =>
  starters(race).map((line, index) => (index === 0 ? changed(line, column, text) : line));

const database = join(folder, 'target/velo.duckdb');
let failed: readonly string[] = [];

beforeAll(async () => {
  const lines = [
    ...starters(0),
    ...changeFirst(1, 'date', '18th January'),
    ...changeFirst(2, 'going', 'Heavy'),
    ...changeFirst(3, 'horse', ''),
    ...starters(4),
    changed(starters(4)[0] ?? '', 'wgt', '11-0'),
  ];
  writeFileSync(join(folder, 'results.csv'), `${[HEADER, ...lines].join('\n')}\n`);
  const vars = { source: 'rpscrape', data_path: folder, begin: '2025-01-01' };
  const { result } = await build(ROOT, {
    vars: JSON.stringify(vars),
    targetPath: join(folder, 'target'),
    environment: {},
    asOf: '2025-03-01',
  });
  failed = result.results
    .filter(({ status }) => ['error', 'fail', 'skipped'].includes(status))
    .map(({ node, message }) => `${node}: ${message}`);
}, 2 * MINUTE);

test('the build does not fail', () => {
  expect(failed).toEqual([]);
});

test('what contradicts or lacks something is rejected with its race', async () => {
  const rows = await query(
    database,
    'select race_id, reason, count(*) from rpscrape__rejected group by 1, 2',
  );
  const others = (race: number) => starters(race).length - 1;
  expect(rows.map((row) => row.join(' ')).toSorted()).toEqual(
    [
      `${RACES[1]} missing_race_date 1`,
      `${RACES[1]} incomplete_race ${others(1)}`,
      `${RACES[2]} contradicting_race ${others(2) + 1}`,
      `${RACES[3]} missing_horse_id 1`,
      `${RACES[3]} incomplete_race ${others(3)}`,
      `${RACES[4]} contradicting_row 1`,
    ].toSorted(),
  );
  const [unreadable] = await query(
    database,
    `select removed_values from rpscrape__rejected where reason = 'missing_race_date'`,
  );
  expect(unreadable).toEqual(['[race_date] 18th January']);
});

test('the other races are whole', async () => {
  const rows = await query(database, 'select race_id, count(*) from runs group by 1 order by 1');
  expect(rows.map((row) => row.join(' '))).toEqual(
    [0, 4].map((race) => `${RACES[race]} ${starters(race).length}`).toSorted(),
  );
});
