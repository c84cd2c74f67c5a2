import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toText } from '../../../src/jinja/value.ts';
import { type Database, shopDatabase } from './database.ts';
import { duck, postgres } from './harness.ts';
import { hasRecords, readRecord, SKIPPED } from './records.ts';

describe('cross-database macros, run by DuckDB', () => {
  let database: Database;
  beforeAll(async () => {
    database = await shopDatabase();
  });
  afterAll(() => database.close());

  async function result(expression: string) {
    const sql = toText(await duck({ database }).evaluate(expression));
    const [value] = await database.values(`select (${sql})::varchar`);
    return value;
  }

  it.each([
    [`dbt.dateadd('day', -1, "date '2024-03-01'")`, '2024-02-29 00:00:00'],
    [`dbt.dateadd('month', 1, "timestamp '2024-01-31 10:00:00'")`, '2024-02-29 10:00:00'],
    [`dbt.dateadd('quarter', 2, "date '2024-01-15'")`, '2024-07-15 00:00:00'],
    [`dbt.dateadd('hour', '1 + 1', "timestamp '2024-01-01 23:00:00'")`, '2024-01-02 01:00:00'],
    [`dbt.date_trunc('month', "timestamp '2024-02-29 10:00:00'")`, '2024-02-01 00:00:00'],
    [`dbt.date_trunc('week', "timestamp '2024-01-07 10:00:00'")`, '2024-01-01 00:00:00'],
    [`dbt.last_day("date '2024-02-10'", 'month')`, '2024-02-29'],
    [`dbt.last_day("date '2024-05-10'", 'quarter')`, '2024-06-30'],
    [`dbt.last_day("date '2023-05-10'", 'year')`, '2023-12-31'],
    [`dbt.date(2024, 2, 9)`, '2024-02-09'],
    [`dbt.split_part("'a-b-c'", "'-'", 1)`, 'a'],
    [`dbt.split_part("'a-b-c'", "'-'", -1)`, 'c'],
    [`dbt.split_part("'a-b-c'", "'-'", -3)`, 'a'],
    [`dbt._split_part_negative("'a::b::c'", "'::'", -2)`, 'b'],
    [`dbt.default__split_part("'a-b-c'", "'-'", -1)`, 'c'],
    [`dbt.hash("'abc'")`, '900150983cd24fb0d6963f7d28e17f72'],
    [`dbt.safe_cast("'12'", dbt.type_int())`, '12'],
    [`dbt.cast("'2024-01-01'", 'date')`, '2024-01-01'],
    [`dbt.cast_bool_to_text('1 = 1')`, 'true'],
    [`dbt.concat(["'a'", "'b'", "'c'"])`, 'abc'],
    [`dbt.position("'c'", "'abcd'")`, '3'],
    [`dbt.right("'abcde'", 2)`, 'de'],
    [`dbt.length("'abcde'")`, '5'],
    [`dbt.replace("'banana'", "'an'", "'o'")`, 'booa'],
    [`dbt.array_construct([1, 2])`, '[1, 2]'],
    [`dbt.array_construct()`, '[]'],
    [`dbt.array_append(dbt.array_construct([1]), 7)`, '[1, 7]'],
    [`dbt.array_concat('[1]', '[2, 3]')`, '[1, 2, 3]'],
    [`dbt.string_literal('a b')`, 'a b'],
    [`dbt.string_literal(dbt.escape_single_quotes("it's"))`, "it's"],
    [`dbt.equals('null', 'null')`, null],
    [`dbt.equals('1', 'null')`, null],
    [`dbt.equals('1', '1')`, 'true'],
    [`'select * from (select 1 as a ' ~ dbt.except() ~ ' select 2)'`, '1'],
    [`'select * from (select 1 as a ' ~ dbt.intersect() ~ ' select 1)'`, '1'],
    [`'select ' ~ dbt.bool_or('x > 2') ~ ' from (values (1), (3)) t(x)'`, 'true'],
    [`'select ' ~ dbt.any_value('x') ~ ' from (values (4), (4)) t(x)'`, '4'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_numeric()) ~ ')'`, 'DECIMAL(28,6)'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_bigint()) ~ ')'`, 'BIGINT'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_boolean()) ~ ')'`, 'BOOLEAN'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_timestamp()) ~ ')'`, 'TIMESTAMP'],
    [`'select typeof(' ~ dbt.cast('null', dbt.type_float()) ~ ')'`, 'FLOAT'],
    [`"(date '2024-01-01')::timestamp <= " ~ dbt.current_timestamp() ~ "::timestamp"`, 'true'],
    [`dbt.duckdb__snapshot_string_as_time('2024-01-01 10:00')`, '2024-01-01 10:00:00'],
    [`'typeof(' ~ dbt.snapshot_get_time() ~ ')'`, 'TIMESTAMP'],
  ])('%s is %s', async (expression, expected) => {
    expect(await result(expression)).toBe(expected);
  });

  it.each([
    ['null', 'null', 'true'],
    ['1', 'null', 'false'],
    ['1', '1', 'true'],
    ['1', '2', 'false'],
  ])('equals where nulls are equal: %s and %s', async (a, b, expected) => {
    const behavior = { enable_truthy_nulls_equals_macro: true };
    const call = `dbt.equals('${a}', '${b}')`;
    for (const macros of [duck({ behavior }), postgres({ behavior })]) {
      const sql = toText(await macros.evaluate(call));
      expect(await database.values(`select (${sql})::varchar`)).toEqual([expected]);
    }
    expect(await postgres().evaluate(call)).toBe(`(${a} = ${b})`);
  });

  const FROM = "timestamp '2023-12-31 23:59:58.5'";
  const TO = "timestamp '2024-02-05 01:02:03'";
  // Boundaries crossed between Sunday 31 December, 23:59:58.5 and Monday 5 February, 01:02:03.
  it.each([
    ['year', 1],
    ['quarter', 1],
    ['month', 2],
    ['week', 5],
    ['day', 36],
    ['hour', 36 * 24 - 22],
    ['minute', (36 * 24 - 22) * 60 + 2 - 59],
    ['second', ((36 * 24 - 22) * 60 + 2 - 59) * 60 + 3 - 58],
    ['millisecond', (((36 * 24 - 22) * 60 + 2 - 59) * 60 + 3 - 58) * 1000 - 500],
  ])('datediff counts %s: %d', async (part, expected) => {
    expect(await result(`dbt.datediff("${FROM}", "${TO}", '${part}')`)).toBe(String(expected));
    expect(await result(`dbt.datediff("${TO}", "${FROM}", '${part}')`)).toBe(String(-expected));
  });

  it('datediff begins weeks on Sunday', async () => {
    const weeks = (from: string, to: string) =>
      result(`dbt.datediff("date '${from}'", "date '${to}'", 'week')`);
    expect(await weeks('2024-01-06', '2024-01-07')).toBe('1');
    expect(await weeks('2024-01-07', '2024-01-13')).toBe('0');
    expect(await weeks('2024-01-10', '2024-01-06')).toBe('-1');
    expect(await weeks('2024-01-10', '2024-01-03')).toBe('-1');
  });

  it.each([
    [`dbt.listagg('x', "','", 'order by x desc')`, 'c,b,a'],
    [`dbt.listagg('x', "', '", 'order by x', 2)`, 'a, b'],
    [`dbt.listagg('x', "'|'", none, 3)`, 'b|a|c'],
  ])('%s is %s', async (expression, expected) => {
    const sql = toText(await duck().evaluate(expression));
    expect(await database.values(`select ${sql} from (values ('b'), ('a'), ('c')) t(x)`)).toEqual([
      expected,
    ]);
  });

  it('generate_series counts from 1, in any dialect', async () => {
    for (const name of ['generate_series', 'default__generate_series']) {
      for (const bound of [1, 2, 5]) {
        const sql = toText(await duck().evaluate(`dbt.${name}(${bound})`));
        const numbers = await database.values(
          `select generated_number::int from (${sql}) order by 1`,
        );
        expect(numbers).toEqual([1, 2, 3, 4, 5].slice(0, bound));
      }
    }
    expect(await duck().evaluate('dbt.get_powers_of_two(1)')).toBe(1);
    expect(await duck().evaluate('dbt.get_powers_of_two(8)')).toBe(3);
    expect(await duck().evaluate('dbt.get_powers_of_two(9)')).toBe(4);
    await expect(duck().evaluate('dbt.generate_series(0)')).resolves.toContain('(1, 0)');
    await expect(duck().evaluate('dbt.get_powers_of_two(0)')).rejects.toThrow('must be positive');
  });

  it.each([
    ['day', '2024-02-28', '2024-03-02', ['2024-02-28', '2024-02-29', '2024-03-01']],
    ['month', '2024-01-15', '2024-03-20', ['2024-01-15', '2024-02-15']],
    ['week', '2024-01-01', '2024-01-15', ['2024-01-01', '2024-01-08']],
  ])('date_spine of a %s from %s to before %s', async (part, from, to, expected) => {
    const spine = `dbt.date_spine('${part}', "date '${from}'", "date '${to}'")`;
    const sql = toText(await duck({ database }).evaluate(spine));
    const days = await database.values(
      `select date_${part}::date::varchar from (${sql}) order by 1`,
    );
    expect(days).toEqual(expected);
  });
});

const CROSS = `dbt.dateadd('day', 1, 'x') ~ ' | ' ~ dbt.datediff('a', 'b', 'hour') ~ ' | ' ~ dbt.hash('x') ~ ' | ' ~ dbt.safe_cast('x', 'int') ~ ' | ' ~ dbt.type_string() ~ ' | ' ~ dbt.concat(['a', 'b']) ~ ' | ' ~ dbt.listagg('x', "','") ~ ' | ' ~ dbt.split_part('x', "'-'", 2) ~ ' | ' ~ dbt.date_trunc('month', 'x') ~ ' | ' ~ dbt.last_day('x', 'month') ~ ' | ' ~ dbt.current_timestamp()`;

describe.skipIf(!hasRecords)(`the text dbt logged for cross-database macros ${SKIPPED}`, () => {
  const logged = (record: string) =>
    /HH:MM:SS {2}cross (.*?)\nHH:MM:SS/s.exec(readRecord(`invocations/${record}`))?.[1];

  it('is ours on DuckDB', async () => {
    expect(await duck().evaluate(CROSS)).toBe(logged('092-op-inspect.txt'));
  });

  it('is ours on PostgreSQL', async () => {
    expect(await postgres().evaluate(CROSS)).toBe(logged('335-pg-inspect.txt'));
  });
});
