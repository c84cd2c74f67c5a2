import { expect, test } from 'vitest';
import { tablesOf } from '../../src/sql/tables.ts';
import type { Expression } from '../../src/sql/tree.ts';
import { parse } from './parse.ts';

const paths = async (sql: string) => tablesOf(await parse(sql)).map((path) => path.join('.'));

test('tables are those that are no CTEs in sight, wherever they are named', async () => {
  const sql = `with a as (select * from x.t), r as (select 1 as n union all select n + 1 from r)
select (select max(z) from q), k in (select j from a) from a, (select * from a join s.u using (k)) b, r
where exists (select 1 from w where w.k = a.k) order by (select 1 from o)`;
  expect((await paths(`with recursive ${sql.slice(5)}`)).sort()).toEqual(
    ['o', 'q', 's.u', 'w', 'x.t'].sort(),
  );
  // A CTE does not see itself: here t is the table.
  expect(await paths('with t as (select * from t) select * from t')).toEqual(['t']);
});

test('places are counted in characters, not bytes', async () => {
  const sql = "select 'ünïcødé 馬 🐎' as a, sum(x) from t";
  const { body } = await parse(sql);
  const call = body.kind === 'select' ? body.items[1]?.expression : undefined;
  expect(call).toMatchObject({
    kind: 'call',
    name: 'sum',
    isAggregate: true,
    at: sql.indexOf('sum'),
  });
});

test('windows hold their own partition and frame, also by name', async () => {
  const frame = "order by d desc range between interval '3 days' preceding and current row";
  const { body } = await parse(`select sum(x) over w from t window w as (partition by k ${frame})`);
  const window = body.kind === 'select' ? body.items[0]?.expression : undefined;
  expect(window).toMatchObject({
    kind: 'window',
    partitionBy: [{ path: ['k'] }],
    orderBy: [{ path: ['d'] }],
    descends: true,
    frame: {
      unit: 'range',
      start: { side: 'preceding' },
      end: { side: 'current' },
      excludes: false,
    },
  });
});

test.each(['now()', 'current_date', 'random()', "nextval('s')", 'uuid()'])(
  '%s differs from call to call',
  async (text) => {
    const { body } = await parse(`select ${text}`);
    const call: Expression | undefined =
      body.kind === 'select' ? body.items[0]?.expression : undefined;
    expect(call).toMatchObject({ kind: 'call', isVolatile: true });
  },
);

test.each(['select 1; select 2', 'create table t (i int)', 'selec 1', 'pivot t on a using sum(b)'])(
  '%s has no tree',
  async (sql) => {
    await expect(parse(sql)).rejects.toThrow('not parsed');
  },
);
