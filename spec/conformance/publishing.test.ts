import { describe, expect, it } from 'vitest';
import type { Adapter, Connection, Statement, Warehouse } from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import type { Relation } from '../../src/core/relation.ts';
import { withTarget } from './target.ts';

/** Each of them is a name of a schema, a table and a column, and a value. */
const HOSTILE = [
  `it's; drop table "t" --`,
  `"quoted" 'twice'`,
  'back\\slash\\"',
  `$velo$; select 1; $velo_$`,
  '/* c */ by name (\n select 1\n)',
  'ünïcødé 馬 🐎 %s $1',
];
const DAY_MS = 86_400_000;
const NEW_YEAR = Date.UTC(2024, 0, 1);

const runAll = async (connection: Connection, statements: readonly Statement[]) => {
  for (const statement of statements) await connection.execute(statement);
};

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what an adapter promises of publishing, on one page
describe.each(adapters.all())('adapter $name publishes', ({ name, load }) => {
  type Work = (context: {
    readonly dialect: Adapter['dialect'];
    readonly warehouse: Warehouse;
    readonly connection: Connection;
  }) => Promise<void>;

  const withConnection = (work: Work) => () =>
    withTarget(name, async ({ input }) => {
      const adapter = await load();
      await using warehouse = await adapter.open(adapter.parseSettings(input));
      await warehouse.use((connection) =>
        work({ dialect: adapter.dialect, warehouse, connection }),
      );
    });
  const t: Relation = { schema: 'main', name: 't' };

  it.each(HOSTILE)('under the name %j, whatever is done with it', (text) =>
    withConnection(async ({ dialect, warehouse, connection }) => {
      const relation = { schema: text, name: text };
      const row = (value: string, day: string) =>
        `select ${dialect.literal(value)} as ${dialect.quote(text)}, date '${day}' as d`;
      const read = () =>
        connection.query(
          `select ${dialect.quote(text)} as v from ${dialect.relation(relation)} order by d`,
        );
      await connection.execute(dialect.createSchema(relation));
      await runAll(connection, dialect.replaceTable(relation, row(text, '2024-01-01'), undefined));
      await connection.transaction(() =>
        runAll(connection, dialect.replaceTable(relation, row(`${text}!`, '2024-01-01'), 'table')),
      );
      expect(await read()).toEqual([{ v: `${text}!` }]);
      await runAll(connection, dialect.append(relation, row(text, '2024-01-02')));
      const interval = { start: NEW_YEAR, end: NEW_YEAR + DAY_MS };
      const sql = row(text, '2024-01-01');
      const range = { relation, column: 'd', interval, grain: 'day', sql } as const;
      await runAll(connection, dialect.replaceRange(range));
      await runAll(
        connection,
        dialect.deleteInsert(relation, [text, 'd'], row(text, '2024-01-02')),
      );
      expect(await read()).toEqual([{ v: text }, { v: text }]);
      const columns = await connection.query(dialect.catalog.listColumns(relation));
      expect(columns.map((column) => column['name'])).toEqual([text, 'd']);
      const view = { schema: text, name: `${text} view` };
      await runAll(
        connection,
        dialect.replaceView(view, `select * from ${dialect.relation(relation)}`, undefined),
      );
      expect((await warehouse.listRelations([text])).map((one) => one.relation.name)).toEqual([
        relation.name,
        view.name,
      ]);
      await connection.execute(dialect.dropRelation(view, 'view'));
      await connection.execute(dialect.catalog.renameRelation(relation, view, 'table'));
      await connection.execute(dialect.dropRelation(view, 'table'));
      expect(await warehouse.listRelations([text])).toEqual([]);
      await connection.execute(dialect.catalog.dropSchema(relation));
    })(),
  );

  it(
    'values of every kind as they are',
    withConnection(async ({ connection }) => {
      const [row] = await connection.query(`select
  cast(null as integer) as n, cast('nan' as double precision) as nan,
  cast('-infinity' as double precision) as minus, cast(0.1 as double precision) as tenth,
  cast('12345678901234567.89' as numeric(20, 2)) as exact, cast('9007199254740993' as bigint) as large,
  cast('2024-02-29' as date) as day, cast('2024-02-29 01:02:03.000004' as timestamp) as moment,
  cast('2024-02-29 01:02:03+05:30' as timestamp with time zone) as zoned,
  cast('01:02:03' as time) as clock, true as yes`);
      expect(row).toMatchObject({ n: null, nan: 'NaN', tenth: 0.1, exact: '12345678901234567.89' });
      expect(String(row?.['minus']).toLowerCase()).toBe('-infinity');
      expect(row).toMatchObject({ large: '9007199254740993', day: '2024-02-29', yes: true });
      expect(row).toMatchObject({ moment: '2024-02-29 01:02:03.000004', clock: '01:02:03' });
      expect(String(row?.['zoned'])).toBe('2024-02-28 19:32:03+00');
      const { table } = await connection.fetch(
        `select array[1, null, 3] as list, array['a"b', '', 'null', '{'] as texts, array[array[1, 2], array[3, 4]] as grid`,
      );
      expect(table.rows).toEqual([
        [
          [1, null, 3],
          ['a"b', '', 'null', '{'],
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ]);
      expect(table.columns.map(({ kind }) => kind)).toEqual(['json', 'json', 'json']);
    }),
  );

  it(
    'a table under readers: each sees all of the old rows or all of the new ones',
    withConnection(async ({ dialect, warehouse, connection }) => {
      const generation = (n: number) =>
        `select ${n} as generation, i from generate_series(1, 500) as r(i)`;
      await runAll(connection, dialect.replaceTable(t, generation(0), undefined));
      await runAll(
        connection,
        dialect.replaceView(
          { schema: 'main', name: 'v' },
          `select * from ${dialect.relation(t)}`,
          undefined,
        ),
      );
      let isDone = false;
      const seen: unknown[] = [];
      const reader = warehouse.use(async ({ query }) => {
        while (!isDone) {
          const [row] = await query(
            'select count(*) as n, min(generation) as first, max(generation) as last from main.v',
          );
          seen.push([Number(row?.['n']), row?.['first'] === row?.['last']]);
        }
      });
      for (let n = 1; n <= 10; n += 1) {
        await connection.transaction(() =>
          runAll(connection, dialect.replaceTable(t, generation(n), 'table')),
        );
      }
      isDone = true;
      await reader;
      expect(seen.length).toBeGreaterThan(0);
      expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(new Set(['[500,true]']));
      expect(await connection.query('select distinct generation from main.v')).toEqual([
        { generation: 10 },
      ]);
    }),
  );

  it(
    'a table and a view whose columns change; views on them follow',
    withConnection(async ({ dialect, connection }) => {
      const [v, w] = [
        { schema: 'main', name: 'v' },
        { schema: 'main', name: 'w' },
      ];
      const publish = (statements: readonly Statement[]) =>
        connection.transaction(() => runAll(connection, statements));
      const from = (relation: Relation) => `select n from ${dialect.relation(relation)}`;
      await publish(dialect.replaceTable(t, 'select 1 as n', undefined));
      await publish(dialect.replaceView(v, from(t), undefined));
      await publish(dialect.replaceView(w, from(v), undefined));
      const shown = async () => (await connection.query('select n from main.w'))[0]?.['n'];
      await publish(dialect.replaceTable(t, 'select 2 as n', 'table'));
      expect(await shown()).toBe(2);
      await publish(dialect.replaceTable(t, "select 'x' as first, 3 as n", 'table'));
      expect(await shown()).toBe(3);
      await publish(
        dialect.replaceView(v, `select n * 10 as n, 1 as more from ${dialect.relation(t)}`, 'view'),
      );
      expect(await shown()).toBe(30);
      // Another type: no view takes that by itself.
      await publish(dialect.replaceTable(t, "select 'text' as n", 'table'));
      await publish(dialect.replaceView(v, from(t), 'view'));
      await publish(dialect.replaceView(w, from(v), 'view'));
      expect(await shown()).toBe('text');
    }),
  );

  it(
    'names that are longer than the engine keeps, and begin alike',
    withConnection(async ({ dialect, warehouse, connection }) => {
      const long = (end: string): Relation => ({
        schema: 'main',
        name: `${'ä'.repeat(70)}_${end}`,
      });
      for (const [end, existing] of [
        ['a', undefined],
        ['b', undefined],
        ['a', 'table'],
      ] as const) {
        await connection.transaction(() =>
          runAll(connection, dialect.replaceTable(long(end), `select '${end}' as n`, existing)),
        );
      }
      for (const end of ['a', 'b']) {
        const rows = await connection.query(`select n from ${dialect.relation(long(end))}`);
        expect(rows).toEqual([{ n: end }]);
      }
      expect(await warehouse.listRelations(['main'])).toHaveLength(2);
    }),
  );

  it(
    'a faulty query of a transaction spoils none of its other work',
    withConnection(async ({ connection }) => {
      await connection.transaction(async () => {
        await connection.execute('create table kept as select 1 as n');
        await expect(connection.query('select nope from kept')).rejects.toThrow();
        expect(await connection.query('select n from kept')).toEqual([{ n: 1 }]);
      });
      expect(await connection.query('select n from kept')).toEqual([{ n: 1 }]);
    }),
  );
});
