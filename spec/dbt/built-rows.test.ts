import { join } from 'node:path';
import { expect, test } from 'vitest';
import { query } from '../e2e/velo.ts';
import { hasRecords, readRelations } from './records.ts';
import { fillDatabase, withShop } from './shop.ts';

/** What is not as dbt left it, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'main.audit_log': 'a line for each call: dbt had been called before',
  'main.rpt_py': 'Python',
  'main_snap.customers_all_history': 'times of the run: snapshots.test.ts',
  'main_snap.hist_customers_block': 'times of the run: snapshots.test.ts',
  'main_snap.hist_customers_check': 'times of the run: snapshots.test.ts',
  'main_snap.hist_customers_ts': 'times of the run: snapshots.test.ts',
};

const STEP = '021-build-first';

const SIX_DAYS = ['--event-time-start', '2024-01-05', '--event-time-end', '2024-01-11'];

test.skipIf(!hasRecords)(
  'a first build of dbt’s reference project: columns, types and rows (skipped without ../shared)',
  async () => {
    const relations = Object.keys(readRelations(STEP));
    const unlike = await withShop((recorded) =>
      withShop(async (built) => {
        await fillDatabase(recorded.dir, STEP);
        // dbt's clock stood at 2024-01-10.
        await built.velo(['build', ...SIX_DAYS]);
        const found: string[] = [];
        for (const name of relations) {
          if (!(await isEqual(name, built.dir, recorded.dir))) found.push(name);
        }
        return found;
      }),
    );
    const equal = relations.length - unlike.length;
    process.stdout.write(`built: ${equal} of ${relations.length} relations equal\n`);
    expect(unlike.sort()).toEqual(Object.keys(DIFFERENT).sort());
  },
  120_000,
);

/** Both hold the same rows, each as often, in columns of the same names and types. */
async function isEqual(name: string, built: string, recorded: string): Promise<boolean> {
  const [schema, table] = name.split('.');
  const ours = await ask(built, recorded, columnsOf('shop', schema, table));
  const dbt = await ask(built, recorded, columnsOf('dbt', schema, table));
  if (JSON.stringify(ours) !== JSON.stringify(dbt)) return false;
  const less = (one: string, other: string) =>
    `(select * from ${one}.${name} except all select * from ${other}.${name})`;
  const rows = await ask(
    built,
    recorded,
    `${less('shop', 'dbt')} union all ${less('dbt', 'shop')}`,
  );
  return rows.length === 0;
}

const columnsOf = (database: string, schema = '', table = ''): string =>
  `select column_name, data_type from duckdb_columns()
   where database_name = '${database}' and schema_name = '${schema}' and table_name = '${table}'
   order by column_index`;

const ask = (built: string, recorded: string, sql: string) =>
  query(
    join(built, 'shop.duckdb'),
    `attach '${join(recorded, 'shop.duckdb')}' as dbt (read_only); ${sql}`,
  );
