import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of a project by path. */
export type Files = Readonly<Record<string, string>>;

/** A project with something of everything that nodes depend on. */
export const SMALL_PROJECT: Files = {
  'velo_project.yml': `name: shop
vars: {first: 1, second: 2}
models:
  shop:
    marts:
      +schema: marts
      +tags: [mart]
`,
  'packages.yml': 'packages:\n  - local: tools\n',
  'tools/velo_project.yml': 'name: tools\nvars: {tool: 1}\n',
  'tools/models/tool.sql': 'select {{ tool_macro() }} as n',
  'tools/macros/tool.sql': "{% macro tool_macro() %}{{ var('tool') }}{% endmacro %}",
  'models/staging/stg_a.sql': "select * from {{ source('raw', 'a') }}",
  'models/staging/stg_b.sql': "select {{ one() }} as one, '{{ env_var('MOOD', 'good') }}' as mood",
  'models/marts/mart_a.sql':
    "{{ config(materialized='table') }}select * from {{ ref('stg_a') }} join {{ ref('stg_b') }} using (id)",
  'models/marts/mart_b.sql': "select {{ var('first') }} as n from {{ ref('mart_a') }}",
  'models/staging/_staging.yml': `models:
  - name: stg_a
    description: "{{ doc('words') }}"
    columns:
      - name: id
        data_tests: [unique, not_null]
  - name: stg_b
    config: {tags: [b]}
sources:
  - name: raw
    tables:
      - name: a
        config: {external_location: data/a.csv}
      - name: b
        columns: [{name: id, data_tests: [not_null]}]
`,
  'models/staging/_sources.yml': 'sources:\n  - name: rare\n    tables: [{name: c}]\n',
  'models/marts/_marts.yml': `models:
  - name: mart_a
    data_tests:
      - few_rows: {arguments: {most: 3}}
    columns:
      - name: id
        data_tests:
          - relationships: {arguments: {to: ref('stg_a'), field: id}}
  - name: mart_b
    config: {group: core}
groups:
  - name: core
    owner: {name: us}
`,
  'models/docs.md': '{% docs words %}Words.{% enddocs %}',
  'macros/one.sql': '{% macro one() %}{{ two() }}{% endmacro %}',
  'macros/two.sql': '{% macro two() %}1{% endmacro %}',
  'macros/few_rows.sql':
    '{% test few_rows(model, most) %}select count(*) from {{ model }} having count(*) > {{ most }}{% endtest %}',
  'seeds/codes.csv': 'id,name\n1,one\n',
  'tests/no_rows.sql': "select * from {{ ref('mart_b') }} where false",
  'snapshots/history.sql':
    "{% snapshot history %}{{ config(strategy='check', unique_key='id', check_cols='all') }}select * from {{ ref('stg_a') }}{% endsnapshot %}",
  'analyses/look.sql': "select * from {{ ref('mart_a') }}",
  'data/a.csv': 'id\n1\n',
};

/** Makes the files of a project these. */
export function writeProject(folder: string, files: Files, before: Files = {}): void {
  for (const path of Object.keys(before)) {
    if (!(path in files)) rmSync(join(folder, path));
  }
  for (const [path, text] of Object.entries(files)) {
    if (before[path] === text) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
