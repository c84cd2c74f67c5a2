import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliResult, query, type TestProject } from '../e2e/velo.ts';
import { readInvocations, readRelations, readScenario, SHOP, type Step } from './records.ts';

/** A recorded scenario, taken call by call with what was changed in between. */
export interface Scenario {
  /** Makes the changes up to the call named `id`, and makes the call; the exit code must be dbt's. */
  call(id: string): Promise<CliResult>;
}

const SOURCES = ['models', 'macros', 'seeds', 'snapshots', 'tests', 'analyses', 'functions'];

/** @throws Error when there is no such scenario */
export function openScenario(name: string, shop: TestProject): Scenario {
  const steps = [...readScenario(name)];
  const calls = readInvocations();
  return {
    async call(id) {
      for (;;) {
        const step = steps.shift();
        if (!step) throw new Error(`'${id}' is none of the calls that are left of ${name}`);
        if (step.op !== 'dbt') change(step, shop);
        if (step.id !== id) continue;
        const recorded = calls.get(step.n ?? 0);
        const result = await shop.velo(step.args ?? [], { env: recorded?.env ?? {} });
        expect(result.exitCode, result.stdout + result.stderr).toBe(recorded?.exit);
        return result;
      }
    },
  };
}

function change({ op, path = '', text = '', ...step }: Step, shop: TestProject): void {
  if (op === 'write') shop.write({ [path]: text });
  if (op === 'remove') shop.remove(path);
  if (op === 'replace') {
    const before = shop.read(path);
    expect(before).toContain(step.old);
    shop.write({ [path]: before.replace(step.old ?? '', () => step.new ?? '') });
  }
  if (op !== 'restore') return;
  const profiles = shop.read('profiles.yml');
  for (const folder of SOURCES) rmSync(join(shop.dir, folder), { recursive: true, force: true });
  cpSync(SHOP, shop.dir, { recursive: true });
  shop.write({ 'profiles.yml': profiles });
}

type Rows = readonly (readonly unknown[])[];

/** A database as it is asked by a test. */
export interface Asked {
  columnsOf(schema: string, table: string): Promise<Rows>;
  query(sql: string): Promise<Rows>;
}

export function askDuckdb({ dir }: TestProject): Asked {
  const ask = (sql: string) => query(join(dir, 'shop.duckdb'), sql);
  return {
    query: ask,
    columnsOf: (schema, table) =>
      ask(`select column_name, data_type from duckdb_columns()
        where schema_name = '${schema}' and table_name = '${table}' order by column_index`),
  };
}

/** A relation has the columns, types and rows that dbt's had after the step; times of the run and hashes are masked. */
export async function expectRelation(step: string, name: string, database: Asked): Promise<void> {
  const recorded = readRelations(step)[name];
  if (!recorded) throw new Error(`${step} has no ${name}`);
  const [schema = '', table = ''] = name.split('.');
  expect(await database.columnsOf(schema, table), name).toEqual(recorded.columns);
  const rows = await database.query(`select * from ${name}`);
  const texts = (all: Rows) => all.map((row) => JSON.stringify(row.map(masked))).sort();
  expect(texts(rows), name).toEqual(texts(recorded.rows));
}

const RUN_TIME = /^20\d\d-\d\d-\d\d 12:MM:SS$/;

function masked(value: unknown): unknown {
  if (value === null) return null;
  const text = String(value);
  if (/^[0-9a-f]{32}$/.test(text) || text === '<md5>') return '<md5>';
  const isNow = RUN_TIME.test(text) || (/^\d{4}-\d\d-\d\d \d\d:/.test(text) && isRecent(text));
  return isNow ? '<now>' : text;
}

/** Within the day: what the project itself has of dates is years old, or of the year 9999. */
const isRecent = (text: string): boolean =>
  Math.abs(Date.now() - Date.parse(`${text.slice(0, 10)}T00:00:00Z`)) < 2 * 86_400_000;
