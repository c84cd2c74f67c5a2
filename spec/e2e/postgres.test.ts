import { chmodSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inDatabase } from '../postgres/database.ts';
import { makePostgresProject, profilesFor } from '../postgres/project.ts';
import { makeProject, verdictOf } from './velo.ts';

const SALES = Array.from({ length: 60 }, (_, i) => {
  const day = String(1 + Math.floor(i / 2)).padStart(2, '0');
  return `${i + 1},2024-01-${day},${['a', 'b', 'c'][i % 3]},${i % 7 === 3 ? '' : (i * 37) % 100}`;
}).join('\n');

/** Every kind of node, in SQL that both engines take. */
const FILES = {
  'velo_project.yml': 'name: shop\n',
  'seeds/sales.csv': `id,day,shop_id,amount\n${SALES}\n`,
  'seeds/names.csv': `shop_id,title\na,"it's; drop table sales; --"\nb,"back\\slash, ""quoted"" $1"\nc,ünïcødé 馬 🐎\n`,
  'models/stg_sales.sql': `{{ config(materialized='view', event_time='day') }}
select id, day, shop_id, cast(amount as double precision) as amount from {{ ref('sales') }}
`,
  'models/paid.sql': `{{ config(materialized='ephemeral', event_time='day') }}
select * from {{ ref('stg_sales') }} where amount is not null
`,
  'models/totals.sql': `{{ config(materialized='table') }}
select shop_id, count(*) as sales, sum(amount) as amount from {{ ref('paid') }} group by shop_id
`,
  'models/shown.sql': `select totals.*, names.title from {{ ref('totals') }} as totals
join {{ ref('names') }} as names on names.shop_id = totals.shop_id
`,
  'models/newest.sql': `{{ config(materialized='incremental', unique_key='id') }}
select id, shop_id, amount from {{ ref('stg_sales') }}
{% if is_incremental() %}where id > (select max(id) - 5 from {{ this }}){% endif %}
`,
  'models/merged.sql': `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
select id, amount from {{ ref('stg_sales') }}
`,
  'models/week.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03', unique_key=['shop_id', 'as_of_date']) }}
select days.as_of_date, paid.shop_id, count(*) as sales, sum(paid.amount) as amount
from (select distinct day as as_of_date from {{ ref('stg_sales', history='0 days') }}
  where day >= {{ as_of.start }}) as days
join {{ ref('paid', history='7 days') }} as paid
  on paid.day < days.as_of_date and paid.day >= days.as_of_date - interval '7 days'
group by 1, 2
`,
  'models/best.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, max(amount) as amount from {{ ref('week') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }} group by as_of_date
`,
  'models/models.yml': `models:
  - name: week
    data_tests:
      - unique_combination: {arguments: {columns: [shop_id, as_of_date]}}
  - name: totals
    columns:
      - name: shop_id
        data_tests:
          - unique
          - not_null
          - accepted_values: {arguments: {values: [a, b, c]}}
          - relationships: {arguments: {to: ref('names'), field: shop_id}}
`,
};

const TABLES = [
  'sales',
  'names',
  'stg_sales',
  'totals',
  'shown',
  'newest',
  'merged',
  'week',
  'best',
];

test('the same project has the same rows in DuckDB and in Postgres, day after day', async () => {
  const { project, query } = await makePostgresProject(FILES);
  const other = makeProject(FILES);
  for (const asOf of ['2024-01-19', '2024-01-20', '2024-01-30']) {
    for (const { velo } of [project, other]) {
      const built = await velo(['build', '--as-of', asOf]);
      expect(built.exitCode, built.stdout + built.stderr).toBe(0);
    }
    for (const table of TABLES) {
      const sql = `select * from ${table} order by 1, 2`;
      const rows = (await query(sql)).map((row) => row.map(plain));
      expect(rows.length, table).toBeGreaterThan(2);
      expect(
        (await other.query(sql)).map((row) => row.map(plain)),
        table,
      ).toEqual(rows);
    }
  }
  const again = await project.velo(['build', '--as-of', '2024-01-30']);
  expect(again.stdout).toContain('Nothing to do');
});

/** Numbers as numbers, whatever they are written as. */
const plain = (value: unknown): unknown => {
  const number = Number(value);
  return value === null || value === '' || Number.isNaN(number) ? value : number;
};

test('a failing test publishes nothing, shows its rows, and is over when the rows are right', async () => {
  const { project, query } = await makePostgresProject(FILES);
  await project.velo(['build', '--as-of', '2024-01-30']);
  const before = await query('select * from totals order by 1');
  project.write({ 'seeds/sales.csv': `id,day,shop_id,amount\n${SALES}\n99,2024-01-30,z,7\n` });
  const failed = await project.velo(['build', '--as-of', '2024-01-30']);
  expect(failed.exitCode).toBe(1);
  expect(verdictOf(failed)).toContain('accepted_values_totals_shop_id__a__b__c');
  expect(await query('select * from totals order by 1')).toEqual(before);
  const audit = 'main_velo_audit.accepted_values_totals_shop_id__a__b__c';
  expect(await query(`select shop_id from ${audit}`)).toEqual([['z']]);
  project.write({ 'seeds/sales.csv': `id,day,shop_id,amount\n${SALES}\n99,2024-01-30,a,7\n` });
  expect((await project.velo(['build', '--as-of', '2024-01-30'])).exitCode).toBe(0);
  expect(await query(`select to_regclass('${audit}')`)).toEqual([[null]]);
});

test('the rights that the guide asks for are enough', async () => {
  const { project, database } = await makePostgresProject(FILES);
  const guide = readFileSync('docs/guides/postgres.md', 'utf8');
  const [, script = ''] = /## Least privileges[\s\S]*?```sql\n([\s\S]*?)```/.exec(guide) ?? [];
  const role = `builder_of_${database.name}`;
  const statements = script
    .replaceAll('velo_builder', role)
    .replaceAll('database racing', `database ${database.name}`)
    .split(';\n')
    .filter((statement) => statement.trim() !== '');
  expect(statements.length).toBe(5);
  try {
    await inDatabase(database, ...statements);
    const limited = { ...database, user: role, password: 'change me' };
    project.write({ 'profiles.yml': profilesFor(limited, 'features') });
    for (const asOf of ['2024-01-20', '2024-01-30']) {
      const built = await project.velo(['build', '--as-of', asOf]);
      expect(built.exitCode, built.stdout + built.stderr).toBe(0);
    }
  } finally {
    await inDatabase(database, `drop owned by ${role}`, `drop role ${role}`);
  }
});

test('the password comes from the environment or from a file, where the profile has none', async () => {
  const { project, database } = await makePostgresProject(FILES);
  const { host, port, user, password, name } = database;
  const profile = profilesFor(database).replace(/password: \S+/, '');
  project.write({ 'profiles.yml': profile, pass: `${host}:${port}:${name}:${user}:${password}\n` });
  chmodSync(`${project.dir}/pass`, 0o600);
  const debug = (env: Readonly<Record<string, string>>) => project.velo(['debug'], { env });
  expect((await debug({ PGPASSWORD: password })).exitCode).toBe(0);
  expect((await debug({ PGPASSFILE: `${project.dir}/pass` })).exitCode).toBe(0);
  const refused = await debug({});
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout + refused.stderr).toContain('login-failed');
});

test('an error stands at the line of the model', async () => {
  const { project } = await makePostgresProject({
    'models/wrong.sql': "select 'é馬🐎' as a,\n  {{ 1 }} + nope as b\n",
  });
  const { exitCode, stdout, stderr } = await project.velo(['run']);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain('error[database-error] models/wrong.sql:2:');
  expect(stdout + stderr).toContain('column "nope" does not exist');
});

describe('a second run', () => {
  const SLOW = {
    'models/slow.sql': 'select 1 as n from (select pg_sleep(3)) as slept\n',
    'models/slow.yml': 'models: [{name: slow, config: {materialized: table}}]\n',
  };

  test('is told who holds the target, or waits', async () => {
    const { project } = await makePostgresProject(SLOW);
    const first = project.start(['run']);
    await first.untilPrinted('START');
    const second = await project.velo(['run']);
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('error[database-locked]');
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    const third = await project.velo(['run', '--wait']);
    expect((await first.ended).exitCode).toBe(0);
    expect(third.exitCode).toBe(0);
  });

  test('after Ctrl-C finds nothing half written, and the server at rest', async () => {
    const { project, database, query } = await makePostgresProject({
      ...SLOW,
      'models/slow.sql': 'select 1 as n from (select pg_sleep(60)) as slept\n',
    });
    const run = project.start(['run']);
    await run.untilPrinted('START');
    await untilActive(database);
    run.child.kill('SIGINT');
    const { exitCode } = await run.ended;
    expect(exitCode).not.toBe(0);
    expect(await query("select to_regclass('main.slow')")).toEqual([[null]]);
    const active = `select count(*) from pg_stat_activity where query like '%pg_sleep(60)%'
      and state = 'active' and pid <> pg_backend_pid() and datname = current_database()`;
    expect(await inDatabase(database, active)).toEqual([['0']]);
  });
});

async function untilActive(database: Parameters<typeof inDatabase>[0]): Promise<void> {
  const sql = `select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active'
    and pid <> pg_backend_pid() and datname = current_database()`;
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await inDatabase(database, sql)).length > 0) return;
  }
  throw new Error('the statement did not begin');
}
