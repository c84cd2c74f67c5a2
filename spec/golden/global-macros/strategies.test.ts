import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, shopDatabase } from './database.ts';
import { columns, relation, run } from './harness.ts';

let database: Database;
beforeEach(async () => {
  database = await shopDatabase();
});
afterEach(() => database.close());

const TARGET = relation('shop.main.target');
const SOURCE = relation('source');

/** Runs a strategy on `target`; answers the target's rows, the smallest key first. */
async function applied(
  template: string,
  names: readonly string[],
  config: Readonly<Record<string, unknown>> = {},
  model: unknown = { config: {} },
): Promise<unknown[][]> {
  const args = {
    target_relation: TARGET,
    temp_relation: SOURCE,
    unique_key: config['unique_key'] ?? null,
    dest_columns: columns(names.map((name) => [name, 'INTEGER'])),
    incremental_predicates: config['incremental_predicates'] ?? null,
  };
  const { text: sql } = await run('duckdb', template, { config, model, names: { args } });
  await database.run(sql);
  return database.rows('from target order by all nulls last');
}

async function tables(target: string, source: string): Promise<void> {
  await database.run(`create table target as ${target}; create temp table source as ${source}`);
}

// Keys 1 and 2 are there; 2 and 3 come.
const OLD = 'from (values (1, 10, 100), (2, 20, 200)) t(k, v, w)';
const NEW = 'from (values (2, 21, 201), (3, 31, 301)) t(k, v, w)';
const BOTH = '1 10 100, 2 20 200, 2 21 201, 3 31 301';
const REPLACED = '1 10 100, 2 21 201, 3 31 301';

const DELETE_INSERT = '{{ get_incremental_delete_insert_sql(args) }}';
const MERGE = '{{ get_incremental_merge_sql(args) }}';

/** A strategy of dbt's for databases that have none of their own. */
function byDefault(name: string, predicate: string): string {
  return `{{ default__${name}(args['target_relation'], args['temp_relation'], 'k', args['dest_columns'], ['${predicate}']) }}`;
}

type Case = readonly [name: string, template: string, config: object, rows: string];

const CASES: readonly Case[] = [
  ['append', '{{ get_incremental_append_sql(args) }}', {}, BOTH],
  ['delete+insert', DELETE_INSERT, { unique_key: 'k' }, REPLACED],
  ['delete+insert by two columns', DELETE_INSERT, { unique_key: ['k', 'w'] }, BOTH],
  [
    'delete+insert with a predicate',
    DELETE_INSERT,
    { unique_key: 'k', incremental_predicates: 'v > 20' },
    BOTH,
  ],
  [
    'delete+insert of the other databases',
    byDefault('get_delete_insert_merge_sql', 'v >= 20'),
    {},
    REPLACED,
  ],
  [
    'merge of the other databases',
    byDefault('get_merge_sql', 'DBT_INTERNAL_DEST.v > 10'),
    { merge_update_columns: ['v'] },
    '1 10 100, 2 21 200, 3 31 301',
  ],
  [
    'insert_overwrite',
    '{{ get_incremental_insert_overwrite_sql(args) }}',
    { incremental_predicates: ['DBT_INTERNAL_DEST.k = 2'] },
    REPLACED,
  ],
  ['merge without a key', MERGE, {}, BOTH],
];

/** Configs beside `unique_key: k`. */
const MERGES: readonly (readonly [config: object, rows: string])[] = [
  [{}, REPLACED],
  [{ unique_key: ['k', 'w'] }, BOTH],
  [{ merge_update_columns: ['v'] }, '1 10 100, 2 21 200, 3 31 301'],
  [{ merge_exclude_columns: ['V'] }, '1 10 100, 2 20 201, 3 31 301'],
  [
    {
      merge_update_set_expressions: {
        v: 'DBT_INTERNAL_DEST.v + DBT_INTERNAL_SOURCE.v',
      },
    },
    '1 10 100, 2 41 201, 3 31 301',
  ],
  [{ merge_update_condition: 'DBT_INTERNAL_SOURCE.v < 0' }, '1 10 100, 2 20 200, 3 31 301'],
  [{ merge_insert_condition: 'DBT_INTERNAL_SOURCE.k > 9' }, '1 10 100, 2 21 201'],
  [{ merge_on_using_columns: ['k'] }, REPLACED],
  [{ merge_returning_columns: ['merge_action', 'k'] }, REPLACED],
];

const MERGE_CLAUSES: readonly (readonly [clauses: object, rows: string])[] = [
  [{ when_matched: [{ action: 'do_nothing' }] }, '1 10 100, 2 20 200, 3 31 301'],
  [
    {
      when_matched: [{ action: 'delete', condition: 'DBT_INTERNAL_SOURCE.v = 21' }],
      when_not_matched: [{ action: 'do_nothing' }],
    },
    '1 10 100',
  ],
  [
    {
      when_matched: [{ action: 'update', mode: 'star' }],
      when_not_matched: [
        { action: 'insert', mode: 'star' },
        { action: 'delete', by: 'source' },
      ],
    },
    '2 21 201, 3 31 301',
  ],
  [
    {
      when_matched: [
        {
          action: 'update',
          mode: 'explicit',
          update: { include: ['v', 'w'], exclude: ['w'], set_expressions: { w: '7' } },
        },
      ],
      when_not_matched: [
        {
          action: 'insert',
          mode: 'explicit',
          insert: { columns: ['k', 'v'], values: ['DBT_INTERNAL_SOURCE.k', '5'] },
        },
      ],
    },
    '1 10 100, 2 21 7, 3 5 null',
  ],
  [
    {
      when_matched: [{ action: 'update', mode: 'by_position' }],
      when_not_matched: [{ action: 'insert', mode: 'by_position' }],
    },
    REPLACED,
  ],
];

const NAMES = ['k', 'v', 'w'];

function text(found: readonly (readonly unknown[])[]): string {
  return found.map((row) => row.join(' ').replace(/ $/, ' null')).join(', ');
}

describe('incremental strategies on DuckDB', () => {
  it.each(CASES)('%s', async (_name, template, config, expected) => {
    await tables(OLD, NEW);
    expect(text(await applied(template, NAMES, { ...config }))).toBe(expected);
  });

  it.each(MERGES)('merge with %j', async (config, expected) => {
    await tables(OLD, NEW);
    expect(text(await applied(MERGE, NAMES, { unique_key: 'k', ...config }))).toBe(expected);
  });

  it.each(MERGE_CLAUSES)('merge_clauses %j', async (merge_clauses, expected) => {
    await tables(OLD, NEW);
    expect(text(await applied(MERGE, NAMES, { unique_key: 'k', merge_clauses }))).toBe(expected);
  });

  it('merge_clauses: error', async () => {
    await tables(OLD, NEW);
    const clause = { action: 'error', error_message: "it's there" };
    const config = { unique_key: 'k', merge_clauses: { when_matched: [clause] } };
    await expect(applied(MERGE, NAMES, config)).rejects.toThrow("it's there");
  });

  it('microbatch replaces the range of the batch only', async () => {
    const days = (...values: string[]) =>
      `select unnest(['${values.join("', '")}'])::timestamp as day, ${values.length} as n`;
    await tables(
      days('2024-01-01 23:00', '2024-01-02 01:00'),
      days('2024-01-02 05:00', '2024-01-03 00:00', '2024-01-01 00:00'),
    );
    const batch = {
      event_time_start: '2024-01-02 00:00:00+00:00',
      event_time_end: '2024-01-03 00:00:00+00:00',
    };
    const model = { config: {}, batch };
    const template = '{{ get_incremental_microbatch_sql(args) }}';
    expect(await applied(template, ['day', 'n'], { event_time: 'day' }, model)).toEqual([
      ['2024-01-01 23:00:00', 2],
      ['2024-01-02 05:00:00', 3],
    ]);
  });

  it('NULL keys stay, as dbt recorded (293)', async () => {
    const state = (n: number) => `select null::integer as k, ${n} as v union all select 1, ${n}`;
    await tables(state(1), state(2));
    expect(await applied(DELETE_INSERT, ['k', 'v'], { unique_key: 'k' })).toEqual([
      [1, 2],
      [null, 1],
      [null, 2],
    ]);
  });
});
