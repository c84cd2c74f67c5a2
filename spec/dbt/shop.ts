import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openProject, type TestProject } from '../e2e/velo.ts';
import { type RecordedRelation, readRelations, SHOP } from './records.ts';

/** The reference project in a folder of its own, which is gone after `use`. */
export async function withShop<T>(use: (shop: TestProject) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'velo-shop-'));
  try {
    cpSync(SHOP, dir, { recursive: true });
    return await use(openProject(dir, {}));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Puts the relations dbt had after a step into the project's database, views as tables. */
export async function fillDatabase(dir: string, step: string): Promise<void> {
  const file = join(dir, 'shop.duckdb');
  if (existsSync(file)) rmSync(file);
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    for (const [name, relation] of Object.entries(readRelations(step))) {
      for (const statement of createStatements(name, relation)) await connection.run(statement);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function createStatements(name: string, { columns, rows }: RecordedRelation): readonly string[] {
  const schema = name.slice(0, name.indexOf('.'));
  const list = columns.map(([column, type]) => `"${column}" ${type}`).join(', ');
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
  return [
    `create schema if not exists ${schema}`,
    `create table ${name} (${list})`,
    ...(rows.length > 0 ? [`insert into ${name} values ${values}`] : []),
  ];
}

/** A value of JSON; DuckDB casts texts to the type of the column. Times of the run were not recorded: any will do. */
const literal = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value.replaceAll("'", "''").replace(/ 12:MM:SS$/, ' 12:00:00')}'`
    : String(value);
