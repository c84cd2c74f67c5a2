import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { type ColumnSpec, relation, run, type Scene } from './harness.ts';
import { hasRecords, readJson } from './records.ts';

let database: Database;
beforeEach(async () => {
  database = await shopDatabase();
});
afterEach(() => database.close());

/** Dates of the input stay; times the snapshot took and hashes become the records' placeholders. */
function masked(value: unknown): unknown {
  if (typeof value !== 'string' || /^(2024-01-0|9999)/.test(value)) return value;
  if (/^[0-9a-f]{32}$/.test(value)) return '<md5>';
  return /^\d{4}-\d\d-\d\d /.test(value) ? '2024-01-10 12:MM:SS' : value;
}

interface SnapshotCase {
  readonly table: string;
  readonly strategy: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly merge?: string;
}

describe.skipIf(!hasRecords)('snapshots on DuckDB (skipped without ../shared)', () => {
  const states = ['296-snap-state1', '297-snap-state2', '298-snap-state3'];
  const input: readonly ColumnSpec[] = [
    ['id', 'INTEGER'],
    ['tier', 'VARCHAR'],
    ['city', 'VARCHAR'],
    ['points', 'INTEGER'],
    ['updated_at', 'TIMESTAMP'],
  ];
  const cases: readonly SnapshotCase[] = [
    {
      table: 'hist_customers_ts',
      strategy: 'timestamp',
      config: { unique_key: 'id', updated_at: 'updated_at', hard_deletes: 'new_record' },
    },
    {
      table: 'hist_customers_ts',
      strategy: 'timestamp',
      config: { unique_key: 'id', updated_at: 'updated_at', hard_deletes: 'new_record' },
      merge: 'default__snapshot_merge_sql',
    },
    {
      table: 'hist_customers_block',
      strategy: 'timestamp',
      config: { unique_key: 'id', updated_at: 'updated_at' },
    },
    {
      table: 'hist_customers_check',
      strategy: 'check',
      config: {
        unique_key: ['id', 'tier'],
        check_cols: ['city', 'points'],
        hard_deletes: 'invalidate',
      },
    },
    {
      table: 'customers_all_history',
      strategy: 'check',
      config: {
        unique_key: 'id',
        check_cols: 'all',
        dbt_valid_to_current: "cast('9999-12-31' as timestamp)",
        snapshot_meta_column_names: {
          dbt_valid_from: 'seen_from',
          dbt_valid_to: 'seen_to',
          dbt_scd_id: 'scd',
        },
      },
    },
  ];
  for (const { table, strategy, config, merge = 'snapshot_merge_sql' } of cases) {
    it(`${table}, ${merge}: three states give dbt's rows`, async () => {
      const target = relation(`shop.main.${table}`);
      const sql = 'select * from input';
      for (const [index, state] of states.entries()) {
        const recorded = readJson(`rows/${state}.json`) as Record<string, Rows>;
        await fill('input', input, recorded['main_staging.snap_input']);
        const scene: Scene = {
          config,
          database,
          this: target,
          names: { sql, target, staging: relation('staging'), node: { compiled_code: sql } },
        };
        const exists = index > 0;
        const start = `{% set strategy = strategy_dispatch('${strategy}')(node, 'snapshotted_data', 'source_data', config, ${exists}) %}`;
        if (exists) {
          const staging = await run(
            'duckdb',
            `${start}{{ snapshot_staging_table(strategy, sql, target) }}`,
            scene,
          );
          await database.run(`create or replace temp table staging as (${staging.text})`);
          const names = (await database.rows(`select column_name from (describe ${target})`)).map(
            ([name]) => `"${name}"`,
          );
          const merged = await run('duckdb', `{{ ${merge}(target, staging, names) }}`, {
            ...scene,
            names: { ...scene.names, names },
          });
          await database.run(merged.text);
        } else {
          const first = await run(
            'duckdb',
            `${start}{{ build_snapshot_table(strategy, sql) }}`,
            scene,
          );
          await database.run(`create table ${target} as (${first.text})`);
        }
        const found = (await database.rows(`from ${target}`)).map((row) => row.map(masked));
        expect(sorted(found)).toEqual(sorted(recorded[`main_snap.${table}`]?.rows ?? []));
      }
    });
  }
});

interface Rows {
  readonly rows: readonly (readonly unknown[])[];
}

function sorted(found: readonly (readonly unknown[])[]): string[] {
  return found.map((row) => JSON.stringify(row)).sort();
}

async function fill(
  name: string,
  specs: readonly ColumnSpec[],
  data: Rows | undefined,
): Promise<void> {
  await database.run(
    `create or replace table ${name} (${specs.map((spec) => spec.join(' ')).join(', ')})`,
  );
  for (const row of data?.rows ?? []) {
    const values = row.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
    await database.run(`insert into ${name} values (${values.join(', ')})`);
  }
}
