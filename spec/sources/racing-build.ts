import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export const MINUTES = 60_000;

/** A folder that goes when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'velo-racing-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds the racing project from one source up to the card of the last day: its database, what failed and what warned. */
export async function racing(
  vars: Readonly<Record<string, string>>,
  targetPath: string = scratch(),
) {
  const { result } = await build(ROOT, {
    vars: JSON.stringify({ begin: '2025-01-01', ...vars }),
    targetPath,
    environment: {},
    asOf: '2025-12-31',
  });
  const named = (...statuses: readonly string[]) =>
    result.results
      .filter(({ status }) => statuses.includes(status))
      .map(({ node, message }) => `${node}: ${message}`);
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return {
    database: join(targetPath, file),
    failed: named('error', 'fail'),
    warned: named('warn'),
  };
}

type Row = Readonly<Record<string, unknown>>;

const NONE: ReadonlyMap<string, Row> = new Map();

/** Rows by what identifies them, in other words than the layout's where `names` has some; by table. */
export type FeatureTables = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** A layout's own ids and the names the simulator gave, by column. */
export type Names = Readonly<Record<string, ReadonlyMap<string, string>>>;

const OF_RACES = ['race_id', 'horse_id'];
const OF_ENTITIES = [
  ...['horse_id', 'trainer_id', 'jockey_id', 'course', 'distance_band', 'going_group', 'attribute'],
  'as_of_date',
];

/** Every table with features, dated or the card of races to come. */
export async function featureTables(database: string, names: Names = {}): Promise<FeatureTables> {
  const columns = await query(
    database,
    `select table_name, list(column_name order by ordinal_position) from information_schema.columns
     where table_schema = 'main' group by table_name having bool_or(column_name = 'as_of_date') order by 1`,
  );
  const tables = new Map<string, ReadonlyMap<string, Row>>();
  for (const [table, list] of columns) {
    const fields = (list as readonly unknown[]).map(String);
    const rows = await query(database, `select * from "${table}"`);
    tables.set(String(table), keyed(fields, rows, names));
  }
  return tables;
}

function keyed(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  names: Names,
): ReadonlyMap<string, Row> {
  const key = columns.includes('race_id')
    ? OF_RACES
    : OF_ENTITIES.filter((column) => columns.includes(column));
  return new Map(
    rows.map((row) => {
      const fields = columns.map((column, index) => [column, named(names, column, row[index])]);
      const object = Object.fromEntries(fields);
      return [key.map((column) => object[column]).join(' | '), object];
    }),
  );
}

const named = (names: Names, column: string, value: unknown) =>
  names[column]?.get(String(value)) ?? value;

/** `table.column` of values that are not the same to 1e-9, and `table` where one side has other rows; `table[attribute]` in a long one. */
export function differing(left: FeatureTables, right: FeatureTables): readonly string[] {
  const found = new Set<string>();
  for (const table of new Set([...left.keys(), ...right.keys()])) {
    const [rows, others] = [left.get(table) ?? NONE, right.get(table) ?? NONE];
    if (rows.size !== others.size) found.add(table);
    for (const [key, row] of rows) {
      for (const where of unlike(table, row, others.get(key))) found.add(where);
    }
  }
  return [...found].sort();
}

function unlike(table: string, row: Row, other: Row | undefined): readonly string[] {
  if (!other) return [table];
  const { attribute } = row;
  const part = attribute === undefined ? table : `${table}[${attribute}]`;
  const columns = [...new Set([...Object.keys(row), ...Object.keys(other)])];
  return columns
    .filter((column) => !same(row[column], other[column]))
    .map((column) => `${part}.${column}`);
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left === 'number' && typeof right === 'number') return Math.abs(left - right) <= 1e-9;
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The ids of a CSV file and the names they stand for, read by way of a database. */
export async function namesIn(
  database: string,
  file: string,
  id: string,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await query(
    database,
    `select distinct ${id}, ${name} from '${file}' where ${id} is not null`,
  );
  return new Map(rows.map(([from, to]) => [String(from), String(to)]));
}
