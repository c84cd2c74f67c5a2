import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/adapters/adapter.ts';
import { duckdb } from '../../src/adapters/duckdb/duckdb.ts';
import { postgres } from '../../src/adapters/postgres/postgres.ts';
import { withTarget } from '../conformance/target.ts';

interface Kind {
  readonly duckdb: string;
  readonly postgres: string;
  /** Texts that both engines read as a value of the type. */
  readonly texts: fc.Arbitrary<string>;
}

const digits = (most: bigint) => fc.bigInt(-most, most).map(String);
const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Dates of four-digit years, and those that have no day. */
const dates = fc.oneof(
  fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom('infinity', '-infinity', '1970-01-01', '2000-01-01', '1999-12-31'),
);
const clocks = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999))
  .map(([h, m, s, micros]) => `${pad(h)}:${pad(m)}:${pad(s)}.${pad(micros, 6)}`);
const moments = fc.oneof(
  fc.tuple(dates, clocks).map(([day, clock]) => (day.endsWith('y') ? day : `${day} ${clock}`)),
  fc.constantFrom('2000-01-01 00:00:00', '1969-12-31 23:59:59.999999', '2255-06-05 23:47:34.74'),
);
const doubles = fc.oneof(
  fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '5e-324', '1.7976931348623157e308'),
);
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', 'twelve chars', 'thirteen chars', '馬🐎', 'x'.repeat(5000), `'";\\n--`),
);
const decimals = (precision: number, scale: number) =>
  digits(10n ** BigInt(precision) - 1n).map((text) => {
    const whole = text.replace('-', '').padStart(scale + 1, '0');
    const point = scale === 0 ? whole : `${whole.slice(0, -scale)}.${whole.slice(-scale)}`;
    return text.startsWith('-') ? `-${point}` : point;
  });

const KINDS: readonly Kind[] = [
  { duckdb: 'BOOLEAN', postgres: 'bool', texts: fc.boolean().map(String) },
  { duckdb: 'TINYINT', postgres: 'int2', texts: digits(127n) },
  { duckdb: 'UTINYINT', postgres: 'int2', texts: fc.nat(255).map(String) },
  { duckdb: 'SMALLINT', postgres: 'int2', texts: digits(2n ** 15n - 1n) },
  { duckdb: 'INTEGER', postgres: 'int4', texts: digits(2n ** 31n - 1n) },
  { duckdb: 'UINTEGER', postgres: 'int8', texts: fc.nat(2 ** 31 - 1).map((n) => String(n * 2)) },
  { duckdb: 'BIGINT', postgres: 'int8', texts: digits(2n ** 63n - 1n) },
  {
    duckdb: 'UBIGINT',
    postgres: 'numeric(20,0)',
    texts: fc.bigInt(0n, 2n ** 64n - 1n).map(String),
  },
  { duckdb: 'HUGEINT', postgres: 'numeric(39,0)', texts: digits(2n ** 127n - 1n) },
  { duckdb: 'FLOAT', postgres: 'float4', texts: fc.float().map(String) },
  { duckdb: 'DOUBLE', postgres: 'float8', texts: doubles },
  ...(
    [
      [4, 1],
      [4, 4],
      [9, 0],
      [9, 3],
      [12, 2],
      [18, 5],
      [18, 18],
      [38, 10],
    ] as const
  ).map(([precision, scale]) => ({
    duckdb: `DECIMAL(${precision},${scale})`,
    postgres: `numeric(${precision},${scale})`,
    texts: decimals(precision, scale),
  })),
  { duckdb: 'VARCHAR', postgres: 'text', texts },
  { duckdb: 'DATE', postgres: 'date', texts: dates },
  { duckdb: 'TIME', postgres: 'time', texts: clocks },
  { duckdb: 'TIMESTAMP', postgres: 'timestamp', texts: moments },
  { duckdb: 'TIMESTAMP WITH TIME ZONE', postgres: 'timestamptz', texts: moments },
  { duckdb: 'UUID', postgres: 'uuid', texts: fc.uuid() },
  {
    duckdb: 'INTERVAL',
    postgres: 'interval',
    texts: fc
      .tuple(fc.nat(1000), fc.nat(1000), clocks)
      .map(([months, days, clock]) => `${months} months ${days} days ${clock}`),
  },
  { duckdb: 'JSON', postgres: 'json', texts: fc.json() },
];

/** A list's text: `[1, NULL]` there, `{1,NULL}` here. */
const LISTS: readonly Kind[] = KINDS.filter(({ duckdb: type }) =>
  [
    'BOOLEAN',
    'INTEGER',
    'BIGINT',
    'DOUBLE',
    'DATE',
    'TIMESTAMP',
    'DECIMAL(18,5)',
    'UUID',
    'VARCHAR',
  ].includes(type),
);

type Both = { readonly there: Connection; readonly here: Connection };

const withBoth = (work: (both: Both) => Promise<void>) =>
  withTarget('postgres', async ({ input }) => {
    await using postgresWarehouse = await postgres.open(postgres.parseSettings(input));
    await using duckdbWarehouse = await duckdb.open(
      duckdb.parseSettings({ type: 'duckdb', path: ':memory:', threads: 2 }),
    );
    await postgresWarehouse.use((here) => duckdbWarehouse.use((there) => work({ there, here })));
  });

const HERE = { schema: 'main', name: 'moved' };
const BACK = { schema: 'main', name: 'back' };

/** Moves a table of DuckDB to Postgres and another one back. Both are made anew. */
async function moveThere({ there, here }: Both, sql: string): Promise<void> {
  const columns = await there.wireColumns(sql);
  await make(here, postgres.dialect, HERE, columns);
  await here.copyIn(HERE, columns, there.copyOut(sql, columns));
}

async function moveBack({ there, here }: Both, sql: string): Promise<void> {
  const columns = await here.wireColumns(sql);
  await make(there, duckdb.dialect, BACK, columns);
  await there.copyIn(BACK, columns, here.copyOut(sql, columns));
}

async function make(
  connection: Connection,
  dialect: typeof duckdb.dialect,
  relation: typeof HERE,
  columns: Awaited<ReturnType<Connection['wireColumns']>>,
): Promise<void> {
  const table = dialect.relation(relation);
  const list = columns.map(
    ({ name, type }) => `${dialect.quote(name)} ${dialect.wireTypeName(type)}`,
  );
  await connection.execute(`drop table if exists ${table}`);
  await connection.execute(`create table ${table} (${list.join(', ')})`);
}

const rowsOf = (texts: readonly (string | null)[]): string =>
  texts
    .map((text, i) => `(${i}, ${text === null ? 'null' : duckdb.dialect.literal(text)})`)
    .join(', ');

/** Postgres reads the same texts itself: it says which rows are not what was moved. */
const FOREIGN = (type: string) =>
  type === 'json' ? 'a.v::text is distinct from b.v::text' : 'a.v is distinct from b.v';

async function checkKind(both: Both, kind: Kind, texts: readonly (string | null)[]): Promise<void> {
  const { there, here } = both;
  const values = rowsOf(texts);
  const sql = `select n, cast(v as ${kind.duckdb}) as v from (values ${values}) as t(n, v) order by n`;
  await moveThere(both, sql);
  await here.execute('drop table if exists main.expected');
  await here.execute(
    `create table main.expected as select n, cast(v as ${kind.postgres}) as v from (values ${values}) as t(n, v)`,
  );
  const differing = `select a.n, a.v::text as moved, b.v::text as expected from main.moved a
    full join main.expected b using (n) where ${FOREIGN(kind.postgres)}`;
  expect(await here.query(differing)).toEqual([]);
  await moveBack(both, 'select n, v from main.expected');
  const lost = `(select n, v::varchar from main.back except select n, v::varchar from (${sql}))
    union all (select n, v::varchar from (${sql}) except select n, v::varchar from main.back)`;
  expect(await there.query(lost)).toEqual([]);
  expect(await there.query('select count(*)::int as n from main.back')).toEqual([
    { n: texts.length },
  ]);
}

test.each(KINDS)('$duckdb goes to Postgres as $postgres and comes back', (kind) =>
  withBoth((both) =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.option(kind.texts), { minLength: 1, maxLength: 60 }), (texts) =>
        checkKind(both, kind, texts),
      ),
      { numRuns: 6 },
    ),
  ),
);

test.each(LISTS)('lists of $duckdb go as arrays and come back', (kind) =>
  withBoth(async (both) => {
    const list = fc.option(fc.array(fc.option(kind.texts), { maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 20 }), async (lists) => {
        const cell = (text: string | null, type: string) =>
          `cast(${text === null ? 'null' : duckdb.dialect.literal(text)} as ${type})`;
        const row = (items: (string | null)[] | null, i: number, type: string) =>
          items === null
            ? `select ${i} as n, cast(null as ${type}[]) as v`
            : `select ${i} as n, cast(array[${items.map((text) => cell(text, type))}] as ${type}[]) as v`;
        const all = (type: string) => lists.map((one, i) => row(one, i, type)).join(' union all ');
        await moveThere(both, all(kind.duckdb));
        const differing = `select n from main.moved a full join (${all(kind.postgres)}) b using (n)
          where a.v is distinct from b.v`;
        expect(await both.here.query(differing)).toEqual([]);
        await moveBack(both, 'select n, v from main.moved');
        const lost = `select n from main.back a full join (${all(kind.duckdb)}) b using (n)
          where a.v::varchar is distinct from b.v::varchar`;
        expect(await both.there.query(lost)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  }),
);

test('text of lists, structs, maps, enums, blobs and what has no type of its own there', () =>
  withBoth(async (both) => {
    const sql = `select [[1, 2], null] as nested, {'a': 1, 'b': 'x'} as struct, map {'k': 2.5} as map,
      'b'::enum('a', 'b') as enum, '\\x00\\xFFab'::blob as bytes, [0.5, null]::double[2] as fixed,
      '101'::bit as bits, timestamp_ns '2024-01-01 00:00:00.123456789' as nanos, null as nothing,
      cast(null as varchar[]) as no_list, 'Infinity'::float as far`;
    await moveThere(both, sql);
    expect(await both.here.query('select * from main.moved')).toEqual([
      {
        nested: '[[1,2],null]',
        struct: '{"a":1,"b":"x"}',
        map: '{"k":2.5}',
        enum: 'b',
        bytes: '\\x00ff6162',
        fixed: [0.5, null],
        bits: '101',
        nanos: '2024-01-01 00:00:00.123456',
        nothing: null,
        no_list: null,
        far: 'Infinity',
      },
    ]);
    await moveBack(both, 'select bytes, nested, fixed, far, no_list from main.moved');
    expect(
      await both.there.query(`select bytes = '\\x00\\xFFab'::blob as bytes, nested, fixed, far, no_list
        from main.back`),
    ).toEqual([
      { bytes: true, nested: '[[1,2],null]', fixed: [0.5, null], far: 'Infinity', no_list: null },
    ]);
  }));

test("Postgres' own types come as text, JSON or doubles, and what has no place is refused", () =>
  withBoth(async (both) => {
    const sql = `select '{"b": 1, "a": [null]}'::jsonb as doc, '10.0.0.1'::inet as address, 1.25::numeric as free,
      'ab'::char(4) as padded, 'x'::varchar(3) as short, 7::oid as number, array[1.5]::numeric(5,2)[] as numbers`;
    await moveBack(both, sql);
    expect(await both.there.query('select * from main.back')).toEqual([
      {
        doc: '{"a": [null], "b": 1}',
        address: '10.0.0.1/32',
        free: 1.25,
        padded: 'ab',
        short: 'x',
        number: '7',
        numbers: ['1.50'],
      },
    ]);
    for (const [wrong, message] of [
      ["select 'NaN'::numeric(5,2) as v", 'column v: NaN and infinity are no DECIMAL'],
      ['select array[[1, 2], [3, 4]] as v', 'column v: an array of 2 dimensions'],
    ] as const) {
      await withBoth(async (again) => {
        await expect(moveBack(again, wrong)).rejects.toMatchObject({ message });
        expect(await again.there.query('select count(*)::int as n from main.back')).toEqual([
          { n: 0 },
        ]);
      });
    }
  }));

test('rows of several vectors, and none at all', () =>
  withBoth(async (both) => {
    const many = 'select range::int as n, repeat(chr(97), range::int % 40) as v from range(5000)';
    for (const [sql, rows, sum] of [
      [many, '5000', '12497500'],
      [`${many} limit 0`, '0', null],
      [`${many} limit 2048`, '2048', '2096128'],
    ] as const) {
      await moveThere(both, sql);
      await moveBack(both, 'select n, v from main.moved');
      const counted = `select cast(count(*) as varchar) as rows, cast(sum(n) as varchar) as sum,
        count(*) filter (where length(v) = n % 40)::varchar as whole from main.back`;
      expect(await both.there.query(counted)).toEqual([{ rows, sum, whole: rows }]);
    }
  }));

test('a failure on either side leaves nothing behind, and both sessions are of use', () =>
  withBoth(async (both) => {
    const { there, here } = both;
    const bad = `select case when range < 9000 then range::int else error('row 9000') end as n from range(10000)`;
    const columns = [{ name: 'n', type: { kind: 'int4' } }] as const;
    await make(here, postgres.dialect, HERE, columns);
    await expect(here.copyIn(HERE, columns, there.copyOut(bad, columns))).rejects.toMatchObject({
      message: 'row 9000',
    });
    await here.execute('alter table main.moved add check (n < 9000)');
    const good = 'select range::int as n from range(100000)';
    await expect(here.copyIn(HERE, columns, there.copyOut(good, columns))).rejects.toMatchObject({
      message: expect.stringContaining('violates check constraint'),
    });
    expect(await here.query('select n from main.moved')).toEqual([]);
    expect(await there.query('select 1 as n')).toEqual([{ n: 1 }]);
  }));
