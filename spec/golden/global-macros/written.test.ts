import { describe, expect, it } from 'vitest';
import { toText } from '../../../src/jinja/value.ts';
import { duck, type Macros, postgres } from './harness.ts';

const TABLE = `relation('shop', 'main', 't', 'table')`;

describe('macros that only write', () => {
  const text = async (macros: Macros, expression: string) =>
    toText(await macros.evaluate(expression))
      .trim()
      .split(/\s+/)
      .join(' ');

  it('a layout of files is set before the rows come', async () => {
    const create = `dbt.create_table_as(false, relation('lake', 'main', 't'), 'select 1 as d', 'sql', ['d'], ['d'])`;
    expect(await text(duck(), create)).toBe(
      'create table "lake"."main"."t" as (select * from ( select 1 as d ) as model_subq limit 0); ' +
        'alter table "lake"."main"."t" set partitioned by (d); ' +
        'alter table "lake"."main"."t" set sorted by (d); ' +
        'insert into "lake"."main"."t" ( select 1 as d );',
    );
    const settings = { config: { partitioned_by: 'd', sorted_by: ['d', 'e'] } };
    const layout = (call: string) =>
      duck(settings).evaluate(`dbt.${call}(none, false) | join('+')`);
    expect(await layout('duckdb__get_partitioned_by')).toBe('d');
    expect(await layout('duckdb__get_sorted_by')).toBe('d+e');
    expect(await duck(settings).evaluate('dbt.duckdb__get_sorted_by(none, true)')).toBe(null);
    await expect(duck().evaluate(`dbt.normalize_string_or_list(7, 'k')`)).rejects.toThrow(
      'k must be',
    );
    await expect(duck().evaluate(`dbt.normalize_string_or_list(['a', 7], 'k')`)).rejects.toThrow(
      'only strings',
    );
  });

  it('sql_header goes before what is created', async () => {
    const header = { config: { sql_header: 'set x = 1;' } };
    const view = `dbt.create_view_as(relation('shop', 'main', 'v'), 'select 1')`;
    for (const macros of [duck(header), postgres(header)]) {
      expect(await text(macros, view)).toMatch(/^set x = 1; create view/);
      expect(
        await text(macros, `dbt.create_table_as(true, relation('shop', 'main', 'v'), 'q')`),
      ).toMatch(/^set x = 1; create temporary table/);
      expect(await text(macros, `dbt.get_empty_subquery_sql('q', 'set y = 1;')`)).toMatch(
        /^set y = 1; select/,
      );
    }
    expect(
      await text(postgres({ config: { unlogged: true } }), `dbt.create_table_as(false, 't', 'q')`),
    ).toMatch(/^create unlogged table t as/);
  });

  it('grants are brought to what the config asks for', async () => {
    const answer = {
      names: ['grantee', 'privilege_type'],
      rows: [
        ['ann', 'SELECT'],
        ['bob', 'SELECT'],
      ],
    };
    const grants = async (grantConfig: object, revoke: boolean) => {
      const macros = postgres({ answers: [answer], config: { grants: grantConfig } });
      await macros.evaluate(`dbt.apply_grants(${TABLE}, config.get('grants'), ${revoke})`);
      return macros.statements
        .map((sql) => sql.trim().split(/\s+/).join(' '))
        .slice(revoke ? 1 : 0);
    };
    expect(await grants({ select: ['bob', 'eve'] }, true)).toEqual([
      'revoke select on "shop"."main"."t" from ann; grant select on "shop"."main"."t" to eve;',
    ]);
    expect(await grants({ select: ['bob', 'ann'] }, true)).toEqual([]);
    expect(await grants({ select: ['bob'], insert: ['ann', 'eve'] }, false)).toEqual([
      'grant select on "shop"."main"."t" to bob; grant insert on "shop"."main"."t" to ann, eve;',
    ]);
    const duckdb = duck();
    await duckdb.evaluate(`dbt.apply_grants(${TABLE}, {'select': ['bob']}, true)`);
    expect(duckdb.warnings).toHaveLength(1);
  });

  it('should_revoke follows what is replaced and how', async () => {
    const revokes = (macros: Macros, args: string) => macros.evaluate(`dbt.should_revoke(${args})`);
    expect(await revokes(duck(), 'none, false')).toBe(false);
    expect(await revokes(duck(), `${TABLE}, false`)).toBe(true);
    expect(await revokes(duck(), TABLE)).toBe(true);
    expect(await revokes(postgres(), TABLE)).toBe(false);
  });

  it('an index of a materialized view is changed in place', async () => {
    const indexes = [
      ['old', 'btree', false, 'a'],
      ['kept', 'btree', true, 'b,c'],
    ];
    const answer = { names: ['name', 'method', 'unique', 'column_names'], rows: indexes };
    const view = `relation('shop', 'main', 'v', 'materialized_view')`;
    const changes = (wanted: unknown[]) => {
      const config = { indexes: wanted };
      const macros = postgres({ answers: [answer], config });
      return [macros, `dbt.get_materialized_view_configuration_changes(${view}, config)`] as const;
    };
    const [same, nothing] = changes([{ columns: ['a'] }, { columns: ['c', 'B'], unique: true }]);
    expect(await same.evaluate(nothing)).toBe(null);
    const [macros, some] = changes([
      { columns: ['a'], type: 'hash' },
      { columns: ['b', 'c'], unique: true },
    ]);
    const altered = `dbt.get_alter_materialized_view_as_sql(${view}, ${some}, 'q', ${view}, none, none)`;
    expect(await text(macros, altered)).toMatch(
      /^drop index if exists "main"."old";create index if not exists "\w{32}" on "shop"."main"."v" using hash \(a\);$/,
    );
  });

  it('names too long for PostgreSQL give way to the suffix', async () => {
    const long = 'x'.repeat(63);
    const named = (call: string) => postgres().evaluate(`dbt.${call}.identifier`);
    const base = `relation('shop', 'main', '${long}', 'table')`;
    expect(await named(`make_backup_relation(${base}, 'table')`)).toBe(
      `${long.slice(0, 51)}__dbt_backup`,
    );
    expect(await named(`make_intermediate_relation(${base})`)).toBe(
      `${long.slice(0, 54)}__dbt_tmp`,
    );
    const temporary = toText(await named(`make_temp_relation(${base})`));
    expect(temporary).toMatch(/^x{42}__dbt_tmp\d{12}$/);
  });

  it('what an adapter lacks is said so', async () => {
    await expect(duck().evaluate(`dbt.refresh_materialized_view('v')`)).rejects.toThrow(
      'refresh_materialized_view macro not implemented for adapter duckdb',
    );
    await expect(
      duck().evaluate(`dbt.get_create_sql(relation('a', 'b', 'c', 'cte'), 'q')`),
    ).rejects.toThrow('no relation of the type cte');
    expect(await duck().evaluate('dbt.is_core_v2()')).toBe(false);
  });
});
