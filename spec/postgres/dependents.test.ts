import { expect, test } from 'vitest';
import type { Connection, RelationType, Statement } from '../../src/adapters/adapter.ts';
import { postgres } from '../../src/adapters/postgres/postgres.ts';
import type { Relation } from '../../src/core/relation.ts';
import { withTarget } from '../conformance/target.ts';

const { dialect } = postgres;
const t: Relation = { schema: 'main', name: 't' };

const withConnection = (work: (connection: Connection) => Promise<void>) =>
  withTarget('postgres', async ({ input }) => {
    await using warehouse = await postgres.open(postgres.parseSettings(input));
    await warehouse.use(work);
  });

const publish = (connection: Connection, statements: readonly Statement[]) =>
  connection.transaction(async () => {
    for (const statement of statements) await connection.execute(statement);
  });

const replace = (connection: Connection, sql: string, existing?: RelationType) =>
  publish(connection, dialect.replaceTable(t, sql, existing));

/** Everything about relations that others made which should outlive a replacement of what they stand on. */
const FACTS = `select c.relname as name, c.relkind::text as kind, coalesce(c.relacl::text, '') as grants,
  pg_get_userbyid(c.relowner) as owner, coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
  coalesce(col_description(c.oid, 1), '') as of_column, coalesce(c.reloptions::text, '') as options,
  (select count(*)::int from pg_index where indrelid = c.oid) as indexes
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'main' and c.relkind in ('v', 'm') order by 1`;

const VIEWS = `create view main.v with (security_barrier=true) as select n, n * 2 as twice from main.t;
create view main.on_v as select twice from main.v join main.t using (n);
create materialized view main.m as select n from main.v;
create unique index m_n on main.m (n);
comment on view main.v is 'it''s shown';
comment on column main.v.n is 'the number';
create role reader_of_views;
grant select on main.v to reader_of_views with grant option;
grant select on main.t to reader_of_views;
alter view main.on_v owner to reader_of_views;`;

test('views, views on them, and materialized views outlive new columns, with all that belongs to them', () =>
  withConnection(async (connection) => {
    await replace(connection, 'select 1 as n');
    await connection.fetch(VIEWS);
    try {
      const before = await connection.query(FACTS);
      const granted = `select has_table_privilege('reader_of_views', 'main.t', 'select') as may`;
      await replace(connection, "select 'new' as text, 5 as n", 'table');
      expect(await connection.query('select n, twice from main.v')).toEqual([{ n: 5, twice: 10 }]);
      expect(await connection.query('select n from main.m')).toEqual([{ n: 5 }]);
      expect(await connection.query(FACTS)).toEqual(before);
      expect(await connection.query(granted)).toEqual([{ may: true }]);
    } finally {
      await connection.fetch('drop owned by reader_of_views; drop role reader_of_views');
    }
  }));

test('a table whose columns stay keeps its identity while views stand on it', () =>
  withConnection(async (connection) => {
    await replace(connection, 'select 1 as n');
    await connection.execute('create view main.v as select n from main.t');
    const oid = async () => (await connection.query(`select 'main.t'::regclass::oid as oid`))[0];
    const before = await oid();
    await replace(connection, 'select 2 as n', 'table');
    expect(await oid()).toEqual(before);
    expect(await connection.query('select n from main.v')).toEqual([{ n: 2 }]);
  }));

test("somebody's view that cannot stand on the new columns stops the publication; velo's own goes", () =>
  withConnection(async (connection) => {
    await replace(connection, 'select 1 as n');
    await connection.execute('create view main.theirs as select n from main.t');
    await expect(replace(connection, 'select 1 as other', 'table')).rejects.toMatchObject({
      code: 'database-error',
      message: expect.stringContaining('the view main.theirs cannot stand on the new columns of'),
      hint: 'change the view, or drop it: drop view main.theirs',
    });
    expect(await connection.query('select n from main.theirs')).toEqual([{ n: 1 }]);
    await connection.execute('drop view main.theirs');
    const own: Relation = { schema: 'main', name: 'own' };
    await publish(connection, dialect.replaceView(own, 'select n from main.t', undefined));
    await replace(connection, 'select 1 as other', 'table');
    expect(await connection.query("select to_regclass('main.own') as own")).toEqual([
      { own: null },
    ]);
  }));

test("what a killed run left aside is in nobody's way", () =>
  withConnection(async (connection) => {
    await replace(connection, 'select 1 as n');
    await connection.execute('create table main.t__velo_new (x text)');
    await replace(connection, 'select 2 as n', 'table');
    const rows = await connection.query(`select relname from pg_class as c
join pg_namespace as n on n.oid = relnamespace where nspname = 'main' order by 1`);
    expect(rows).toEqual([{ relname: 't' }]);
  }));
