import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type {
  Adapter,
  AdapterSettings,
  RelationType,
  Row,
  Warehouse,
} from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import type { TypedColumns } from '../../src/core/columns.ts';
import { DatabaseError } from '../../src/core/errors.ts';
import { bundle } from './run-source.ts';
import { withTarget } from './target.ts';

const HOSTILE = [
  `it's`,
  `"quoted"`,
  `back\\slash`,
  `semi; drop table x`,
  `-- comment`,
  `/* c */`,
  'new\nline',
  'tab\t',
  'ünïcødé 馬 🐎',
  `''`,
  `$1 ? :x`,
  '%s',
  ' lead and trail ',
];
const DAY_MS = 86_400_000;
const NEW_YEAR = Date.UTC(2024, 0, 1);
const SLOW = `select count(*) from generate_series(1, 100000) a(i), generate_series(1, 1000000) b(j)
  where (i + j) % 7 = 3`;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what an adapter promises, on one page
describe.each(adapters.all())('adapter $name', ({ name, load }) => {
  type Work = (context: {
    readonly adapter: Adapter;
    readonly warehouse: Warehouse;
    readonly settings: AdapterSettings;
  }) => Promise<void>;

  const withWarehouse = (work: Work) => () =>
    withTarget(name, async ({ input }) => {
      const adapter = await load();
      const settings = adapter.parseSettings(input);
      await using warehouse = await adapter.open(settings);
      await work({ adapter, warehouse, settings });
    });
  const t = { schema: 'main', name: 't' };

  it.each(HOSTILE)('brings %j back as a literal and as an identifier', (text) =>
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      const rows = await warehouse.use((connection) =>
        connection.query(`select ${dialect.literal(text)} as ${dialect.quote(text)}`),
      );
      expect(rows).toEqual([{ [text]: text }]);
    })(),
  );

  it(
    'brings numbers, booleans and NULL back',
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      const values = [
        0,
        -1,
        2 ** 53 - 1,
        0.1,
        1e-300,
        1.7976931348623157e308,
        1e21,
        123456789.12345679,
      ];
      const list = values
        .map((value, i) => `cast(${dialect.literal(value)} as double precision) as v${i}`)
        .join(', ');
      await warehouse.use(async (connection) => {
        const [row] = await connection.query(`select ${list}`);
        expect(Object.values(row ?? {})).toEqual(values);
        const [special] = await connection.query(
          `select ${dialect.literal(Number.NaN)} = cast('nan' as double precision) as a,
           ${dialect.literal(-Infinity)} < 0 as b, ${dialect.literal(true)} as c, ${dialect.literal(null)} is null as d`,
        );
        expect(special).toEqual({ a: true, b: true, c: true, d: true });
      });
    }),
  );

  it(
    'keeps NUL in a text, or refuses it; it never ends the text',
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      const asked = warehouse.use(({ query }) =>
        query(`select length(${dialect.literal("a\0'b")}) as n`),
      );
      const answer = await asked.catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toMatchObject({ code: 'database-error' });
      else expect(Number((answer as Row[])[0]?.['n'])).toBe(4);
    }),
  );

  const kinds: readonly (RelationType | undefined)[] = [undefined, 'table', 'view'];
  const changes = kinds.flatMap((from) => (['table', 'view'] as const).map((to) => ({ from, to })));
  it.each(changes)('replaces $from by a $to', ({ from, to }) =>
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      const replace = (type: RelationType, value: number, existing: RelationType | undefined) =>
        (type === 'table' ? dialect.replaceTable : dialect.replaceView)(
          t,
          `with x as (select ${value} as n) select n from x -- end`,
          existing,
        );
      await warehouse.use(async (connection) => {
        const first = from ? replace(from, 1, undefined) : [];
        for (const statement of first) await connection.execute(statement);
        await connection.transaction(async () => {
          for (const statement of replace(to, 2, from)) await connection.execute(statement);
        });
        expect(await connection.query(`select n from ${dialect.relation(t)}`)).toEqual([{ n: 2 }]);
      });
      const listed = await warehouse.listRelations(['main', 'nowhere']);
      expect(listed.map(({ relation, type }) => [relation.schema, relation.name, type])).toEqual([
        ['main', 't', to],
      ]);
    })(),
  );

  it(
    'replaces a half-open range, as often as wanted',
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      const days = (first: number, last: number, value: string) =>
        `select '${value}' as v, date '2024-01-01' + i::int as d from generate_series(${first}, ${last}) r(i)`;
      await warehouse.use(async (connection) => {
        for (const statement of dialect.replaceTable(t, days(0, 3, 'old'), undefined))
          await connection.execute(statement);
        const interval = { start: NEW_YEAR + DAY_MS, end: NEW_YEAR + 3 * DAY_MS };
        const sql = `select d, v from (${days(1, 2, 'new')}) as changed`; // columns in another order
        for (let round = 0; round < 2; round += 1) {
          const statements = dialect.replaceRange({
            relation: t,
            column: 'd',
            interval,
            grain: 'day',
            sql,
          });
          let rows: number | undefined;
          for (const statement of statements) rows = (await connection.execute(statement)) ?? rows;
          expect(rows).toBe(2);
        }
        expect(
          await connection.query(`select v, d from ${dialect.relation(t)} order by d`),
        ).toEqual([
          { v: 'old', d: '2024-01-01' },
          { v: 'new', d: '2024-01-02' },
          { v: 'new', d: '2024-01-03' },
          { v: 'old', d: '2024-01-04' },
        ]);
      });
    }),
  );

  it(
    'replaces rows by key, also NULL keys, and keeps duplicates of the new rows',
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      await warehouse.use(async (connection) => {
        const old = `select * from (values (1, 'a', 'old'), (1, null, 'old'), (null, null, 'old'), (2, 'a', 'old')) x(k1, "K 2", v)`;
        for (const statement of dialect.replaceTable(t, old, undefined))
          await connection.execute(statement);
        const sql = `select * from (values ('new', 1, null), ('new', null, null), ('new', null, null)) x(v, k1, "K 2")`;
        let rows: number | undefined;
        for (const statement of dialect.deleteInsert(t, ['k1', 'K 2'], sql))
          rows = (await connection.execute(statement)) ?? rows;
        expect(rows).toBe(3);
        expect(
          await connection.query(
            `select k1, "K 2", v from ${dialect.relation(t)} order by 1, 2, 3`,
          ),
        ).toEqual([
          { k1: 1, 'K 2': 'a', v: 'old' },
          { k1: 1, 'K 2': null, v: 'new' },
          { k1: 2, 'K 2': 'a', v: 'old' },
          { k1: null, 'K 2': null, v: 'new' },
          { k1: null, 'K 2': null, v: 'new' },
        ]);
      });
    }),
  );

  it(
    'takes everything back when a transaction fails, and goes on',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.use(async (connection) => {
        await connection.execute('create table t (n integer)');
        const failing = connection.transaction(async () => {
          await connection.execute('insert into t values (1)');
          await connection.execute('create table made (n integer)');
          await connection.query(`select cast(x as integer) from (values ('abc')) v(x)`);
        });
        await expect(failing).rejects.toMatchObject({ code: 'database-error' });
        expect(await connection.query('select * from t')).toEqual([]);
        await connection.transaction(() => connection.execute('insert into t values (2)'));
        expect(await connection.query('select * from t')).toEqual([{ n: 2 }]);
      });
      expect(
        (await warehouse.listRelations(['main'])).map(({ relation }) => relation.name),
      ).toEqual(['t']);
    }),
  );

  it(
    'interrupts what runs, takes its transaction back, and goes on',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.use(async (connection) => {
        await connection.execute('create table t (n integer)');
        const running = connection.transaction(async () => {
          await connection.execute('insert into t values (1)');
          const slow = connection.readColumns(SLOW);
          setTimeout(() => warehouse.interrupt(), 100);
          await slow;
        });
        await expect(running).rejects.toMatchObject({ code: 'interrupted', name: 'DatabaseError' });
        expect(await connection.query('select * from t')).toEqual([]);
      });
    }),
  );

  it(
    'lets two connections write two tables at once',
    withWarehouse(async ({ warehouse }) => {
      const write = (table: string) =>
        warehouse.use((connection) =>
          connection.transaction(async () => {
            await connection.execute(`create table ${table} as select 1 as n`);
            await connection.execute(`insert into ${table} values (2)`);
          }),
        );
      await Promise.all([write('a'), write('b')]);
      const rows = await warehouse.use((connection) =>
        connection.query(
          'select (select sum(n) from a)::int as a, (select sum(n) from b)::int as b',
        ),
      );
      expect(rows).toEqual([{ a: 3, b: 3 }]);
    }),
  );

  it(
    'brings columns of every type back, with and without NULLs',
    withWarehouse(async ({ warehouse }) => {
      const n = 5000; // more than one vector
      const rows = Array.from({ length: n }, (_, i) => i);
      const holed = <T>(make: (i: number) => T) => rows.map((i) => (i % 7 === 3 ? null : make(i)));
      const written: TypedColumns = {
        f: {
          type: 'DOUBLE',
          values: Float64Array.from(rows, (i) => (i % 7 === 3 ? Number.NaN : i / 7)),
        },
        i: { type: 'INTEGER', values: Int32Array.from(rows, (i) => 1 - i) },
        i0: { type: 'INTEGER', values: holed((i) => 1 - i) },
        b: { type: 'BIGINT', values: BigInt64Array.from(rows, (i) => BigInt(i) * 10n ** 14n) },
        b0: { type: 'BIGINT', values: holed((i) => BigInt(i) * 10n ** 14n) },
        o: { type: 'BOOLEAN', values: Uint8Array.from(rows, (i) => i % 2) },
        o0: { type: 'BOOLEAN', values: holed((i) => i % 2) },
        d: { type: 'DATE', values: Int32Array.from(rows, (i) => i - 2500) },
        d0: { type: 'DATE', values: holed((i) => i - 2500) },
        t: { type: 'TIMESTAMP', values: BigInt64Array.from(rows, (i) => BigInt(i) * 1_000_001n) },
        t0: { type: 'TIMESTAMP', values: holed((i) => BigInt(i) * 1_000_001n) },
        s: { type: 'VARCHAR', values: holed((i) => HOSTILE[i % HOSTILE.length] ?? '') },
      };
      await warehouse.use(async (connection) => {
        const table = await connection.loadColumns(written);
        // Only `order by` keeps rows in order.
        const read = await connection.readColumns(`select * from ${table} order by i desc`);
        expect(Object.keys(read)).toEqual(Object.keys(written));
        for (const [column, { values }] of Object.entries(written))
          expect(read[column], column).toEqual(values);
      });
    }),
  );

  it(
    'casts text and other types on the way in, and reads wide numbers as doubles',
    withWarehouse(async ({ warehouse }) => {
      await warehouse.use(async (connection) => {
        const table = await connection.loadColumns({
          day: { type: 'date', values: ['2024-02-29', null] },
          at: { type: 'timestamp', values: ['2024-02-29 01:02:03.5', null] },
          price: { type: 'decimal(18,3)', values: [1.5, null] },
          huge: { type: 'hugeint', values: ['170141183460469231731687303715884105727', null] },
          list: { type: 'integer[]', values: ['[1, 2]', null] },
          flag: { type: 'boolean', values: [true, null] },
        });
        expect(await connection.readColumns(`select * from ${table}`)).toEqual({
          day: [19782, null],
          at: [1709168523500000n, null],
          price: Float64Array.of(1.5, Number.NaN),
          huge: Float64Array.of(2 ** 127, Number.NaN),
          list: [[1, 2], null],
          flag: [1, null],
        });
        expect(await connection.query(`select * from ${table} limit 1`)).toEqual([
          {
            day: '2024-02-29',
            at: '2024-02-29 01:02:03.5',
            price: '1.500',
            huge: '170141183460469231731687303715884105727',
            list: [1, 2],
            flag: true,
          },
        ]);
      });
    }),
  );

  it.each([
    { type: 'INTEGER', value: 1.5 },
    { type: 'INTEGER', value: 2 ** 31 },
    { type: 'BIGINT', value: 2n ** 63n },
    { type: 'BOOLEAN', value: 2 },
    { type: 'DATE', value: '2024-02-30' },
  ])('refuses $value as $type', ({ type, value }) =>
    withWarehouse(async ({ warehouse }) => {
      const loading = warehouse.use((connection) =>
        connection.loadColumns({ c: { type, values: [value] } }),
      );
      await expect(loading).rejects.toBeInstanceOf(DatabaseError);
    })(),
  );

  it(
    'uses loaded columns inside a transaction',
    withWarehouse(async ({ adapter: { dialect }, warehouse }) => {
      await warehouse.use((connection) =>
        connection.transaction(async () => {
          const loaded = await connection.loadColumns({ n: { type: 'INTEGER', values: [1, 2] } });
          const counts: (number | undefined)[] = [];
          for (const sql of dialect.replaceTable(t, `select * from ${loaded}`, undefined))
            counts.push(await connection.execute(sql));
          expect(counts[0]).toBe(2);
        }),
      );
      expect(await warehouse.use((connection) => connection.query('select n from t'))).toEqual([
        { n: 1 },
        { n: 2 },
      ]);
    }),
  );

  it(
    'says where in a statement the cause stands',
    withWarehouse(async ({ warehouse }) => {
      const sql = `select 'é馬🐎',\n  'é' || nope\nfrom (select 1 as x) as one`;
      const error = await warehouse
        .use((connection) => connection.query(sql))
        .catch((e: unknown) => e);
      expect(error).toMatchObject({
        code: 'database-error',
        sql,
        position: { line: 2, column: 10 },
      });
      expect((error as Error).message).toMatch(/"nope"/);
    }),
  );

  it('opens again what was closed, and the stamp tells changes', () =>
    withTarget(name, async ({ input }) => {
      const adapter = await load();
      const settings = adapter.parseSettings(input);
      const stamps = [await adapter.stamp(settings)];
      for (const sql of ['create table t as select 1 as n', 'insert into t values (2)']) {
        await using warehouse = await adapter.open(settings);
        await warehouse.use((connection) => connection.execute(sql));
        stamps.push(await adapter.stamp(settings));
      }
      if (stamps[0] !== undefined) expect(new Set(stamps).size).toBe(3);
      await using first = await adapter.open(settings);
      await using second = await adapter.open(settings);
      await first.use((connection) => connection.execute('insert into t values (3)'));
      expect(await second.use((connection) => connection.query('select n from t'))).toHaveLength(3);
    }));

  it('is read by several at once, and is nothing to read before it is there', () =>
    withTarget(name, async ({ input, isFile }) => {
      const adapter = await load();
      const settings = adapter.parseSettings(input);
      if (isFile) expect(await adapter.openToRead(settings)).toBeUndefined();
      {
        await using warehouse = await adapter.open(settings);
        await warehouse.use((connection) => connection.execute('create table t as select 1 as n'));
      }
      const stamp = await adapter.stamp(settings);
      await using reader = await adapter.openToRead(settings);
      if (!reader) throw new Error('there is a database now');
      const read = reader.use(async (connection) => {
        const more = await connection.loadColumns({ n: { type: 'INTEGER', values: [2] } });
        return connection.query(`select n from t union all select n from ${more} order by n`);
      });
      expect(await read).toEqual([{ n: 1 }, { n: 2 }]);
      await expect(
        reader.use((connection) => connection.execute('insert into t values (3)')),
      ).rejects.toBeInstanceOf(DatabaseError);
      const script = `import { adapters } from './src/adapters/index.ts';
        const adapter = await adapters.get(${JSON.stringify(name)}).load();
        const reader = await adapter.openToRead(adapter.parseSettings(${JSON.stringify(input)}));
        console.log(JSON.stringify(await reader.use((c) => c.query('select n from t'))));`;
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        await bundle(script),
      ]);
      expect(JSON.parse(stdout)).toEqual([{ n: 1 }]);
      expect(await adapter.stamp(settings)).toBe(stamp);
    }));

  it('names the process that holds the database', () =>
    withTarget(name, async ({ input }) => {
      const adapter = await load();
      const settings = adapter.parseSettings(input);
      const script = `import { adapters } from './src/adapters/index.ts';
        const adapter = await adapters.get(${JSON.stringify(name)}).load();
        const warehouse = await adapter.open(adapter.parseSettings(${JSON.stringify(input)}));
        process.stdout.write('open');
        process.stdin.on('end', () => warehouse[Symbol.asyncDispose]()).resume();`;
      const holder = spawn(process.execPath, ['--input-type=module', '-e', await bundle(script)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(holder.stdout, 'data');
      await expect(adapter.open(settings)).rejects.toMatchObject({
        code: 'database-locked',
        message: expect.stringContaining(`process ${holder.pid}`),
      });
      holder.stdin.end();
      await once(holder, 'exit');
      await using warehouse = await adapter.open(settings);
      expect(await warehouse.listRelations(['main'])).toEqual([]);
    }));
});
