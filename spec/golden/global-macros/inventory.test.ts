import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  DBT,
  duck,
  MACROS_FOLDER,
  packageMacros,
  postgres,
  readJson,
  readRecord,
  SKIPPED,
} from './global-macros-a-harness.ts';

const PACKAGES = ['dbt', 'dbt_duckdb', 'dbt_postgres'] as const;
const SHARE =
  /^(utils|adapters|etc|get_custom_name|relations)\b|^(catalog|columns|persist_docs|timestamps)\.sql$/;

interface RecordedMacro {
  readonly kind: string;
  readonly args?: readonly { readonly name: string; readonly default?: string }[] | null;
  readonly file: string;
}

describe.skipIf(!existsSync(DBT))(`dbt's macros by name ${SKIPPED}`, () => {
  const leftOut = JSON.parse(readFileSync(`${MACROS_FOLDER}left-out-a.json`, 'utf8')) as Record<
    string,
    Record<string, string>
  >;

  it.each(PACKAGES)('of %s are there with the same file, kind and arguments', (packageName) => {
    const recorded = readJson('macros.json') as Record<string, Record<string, RecordedMacro>>;
    const ours = packageMacros(packageName);
    const signatures = (list: [string, { kind: string; file: string; signature: string }][]) =>
      Object.fromEntries(list);
    const wanted = Object.entries(recorded[packageName] ?? {})
      .map(
        ([name, macro]) => [name, { ...macro, file: macro.file.replace(/^macros\//, '') }] as const,
      )
      .filter(([name, { file }]) => SHARE.test(file) && !leftOut[packageName]?.[name])
      .map(
        ([name, { kind, file, args }]): [
          string,
          { kind: string; file: string; signature: string },
        ] => {
          const parameters = (args ?? []).map((a) =>
            a.default === undefined ? a.name : `${a.name}=${a.default}`,
          );
          return [name, { kind, file, signature: `${name}(${parameters.join(', ')})` }];
        },
      );
    const found = wanted.flatMap(([name]): typeof wanted => {
      const entry = ours.get(name);
      if (!entry) return [];
      const { macro, file } = entry;
      const signature = /^\{%-?\s*macro\s+(.*?)\s*-?%\}/s.exec(macro.text)?.[1] ?? '';
      return [[name, { kind: macro.kind, file, signature }]];
    });
    expect(signatures(found)).toEqual(signatures(wanted));
    expect(wanted.length).toBeGreaterThan(40);
  });

  it('are left out only where they exist in dbt, with a reason', () => {
    const recorded = readJson('macros.json') as Record<string, Record<string, RecordedMacro>>;
    for (const [packageName, macros] of Object.entries(leftOut)) {
      for (const [name, reason] of Object.entries(macros)) {
        expect(recorded[packageName]).toHaveProperty(name);
        expect(packageMacros(packageName).has(name)).toBe(false);
        expect(reason).toMatch(/\w{4,}.* \w+/);
      }
    }
  });
});

const CROSS = `dbt.dateadd('day', 1, 'x') ~ ' | ' ~ dbt.datediff('a', 'b', 'hour') ~ ' | ' ~ dbt.hash('x') ~ ' | ' ~ dbt.safe_cast('x', 'int') ~ ' | ' ~ dbt.type_string() ~ ' | ' ~ dbt.concat(['a', 'b']) ~ ' | ' ~ dbt.listagg('x', "','") ~ ' | ' ~ dbt.split_part('x', "'-'", 2) ~ ' | ' ~ dbt.date_trunc('month', 'x') ~ ' | ' ~ dbt.last_day('x', 'month') ~ ' | ' ~ dbt.current_timestamp()`;

describe.skipIf(!existsSync(DBT))(
  `the text dbt logged for cross-database macros ${SKIPPED}`,
  () => {
    const logged = (record: string) =>
      /HH:MM:SS {2}cross (.*?)\nHH:MM:SS/s.exec(readRecord(`invocations/${record}`))?.[1];

    it('is ours on DuckDB', async () => {
      expect(await duck().evaluate(CROSS)).toBe(logged('092-op-inspect.txt'));
    });

    it('is ours on PostgreSQL', async () => {
      expect(await postgres().evaluate(CROSS)).toBe(logged('335-pg-inspect.txt'));
    });
  },
);

describe('names of nodes', () => {
  it.each([
    [`dbt.generate_schema_name(none, {})`, 'main'],
    [`dbt.generate_schema_name(' mart ', {})`, 'main_mart'],
    [`dbt.generate_schema_name_for_env('mart', {})`, 'main'],
    [`dbt.generate_database_name(none, {})`, 'shop'],
    [`dbt.generate_database_name(' other ', {})`, 'other'],
    [`dbt.generate_alias_name(none, {'name': 'm'})`, 'm'],
    [`dbt.generate_alias_name(' a ', {'name': 'm'})`, 'a'],
    [`dbt.generate_alias_name(none, {'name': 'm', 'version': 1.5})`, 'm_v1_5'],
    [`dbt.generate_latest_version_pointer_alias(none, {'name': 'm', 'version': 2})`, 'm'],
  ])('%s is %s', async (expression, expected) => {
    expect(await duck().evaluate(expression)).toBe(expected);
  });

  it('leave the target schema alone in production', async () => {
    const prod = duck({ target: { name: 'prod', schema: 'main' } });
    expect(await prod.evaluate(`dbt.generate_schema_name_for_env('mart', {})`)).toBe('mart');
  });
});
