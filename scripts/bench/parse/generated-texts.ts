import type { GeneratedFile } from './generated-files.ts';

export const PROJECT_FILE = `name: shop
version: '1.0'
config-version: 2

vars:
  first_day: '2020-01-01'
  currency: EUR

models:
  shop:
    staging:
      +schema: staging
    intermediate:
      +schema: intermediate
      +tags: [intermediate]
    marts:
      +schema: marts
      +meta:
        audience: everyone
`;

const FILES: Readonly<Record<string, string>> = {
  'keys.sql': `{% macro surrogate_key(columns) -%}
    md5({% for column in columns %}coalesce(cast({{ column }} as varchar), '{{ null_text() }}'){{ " || '-' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro null_text() %}{{ return(var('null_text', '_none_')) }}{% endmacro %}
`,
  'money.sql': `{% macro cents_to_money(column, digits=2) -%}
    round({{ column }} / 100.0, {{ digits }})
{%- endmacro %}

{% macro sum_where(value, condition) -%}
    sum(case when {{ condition }} then {{ value }} else 0 end)
{%- endmacro %}
`,
  'dates.sql': `{% macro days_before(column, days) -%}
    {{ column }} - interval {{ days }} day
{%- endmacro %}
`,
  'text.sql': `{% macro clean_text(column) -%}
    {%- set steps = ['trim', 'lower'] -%}
    {%- set ns = namespace(sql=column) -%}
    {%- for step in steps -%}{%- set ns.sql = step ~ '(' ~ ns.sql ~ ')' -%}{%- endfor -%}
    {{ ns.sql }}
{%- endmacro %}
`,
};

/** The macros every model calls, and the files they stand in. */
export const MACROS: readonly GeneratedFile[] = Object.entries(FILES).map(([name, text]) => ({
  path: `macros/${name}`,
  text,
}));
