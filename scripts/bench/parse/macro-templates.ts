import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bench.ts';

/** What models of packages do all day: macros that call macros, in loops, with text put together. */
const LARGE: readonly string[] = [
  `{% macro quote(name) %}"{{ name }}"{% endmacro -%}
{% macro pivot(column, values, alias='') -%}
  {% for value in values -%}
    sum(case when {{ quote(column) }} = '{{ value }}' then 1 else 0 end) as {{ quote(alias ~ value) }}
    {%- if not loop.last %},{% endif %}
  {% endfor -%}
{%- endmacro -%}
select {% for n in range(40) %}{{ pivot('state_' ~ n, names, 'c' ~ n ~ '_') }},{% endfor %} 1`,
  `{% macro key(columns) -%}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- do parts.append("coalesce(cast(" ~ column ~ " as varchar), '_none_')") -%}
  {%- endfor -%}
  md5({{ parts | join(" || '-' || ") }})
{%- endmacro -%}
select {% for n in range(60) %}{{ key(names + ['a' ~ n, 'b' ~ n]) }} as k{{ n }}{{ ', ' if not loop.last }}{% endfor %}`,
  `{% macro each(items) %}{% for item in items %}{{ caller(item, loop.index) }}{{ ', ' if not loop.last }}{% endfor %}{% endmacro -%}
{% set ns = namespace(count=0) -%}
{% for n in range(50) %}
select {% call(row, i) each(rows) %}{{ row.name | upper }}_{{ i }}{% if row.ok %} as "{{ row['type'] }}"{% endif %}{% endcall %} from t{{ n }}
{%- set ns.count = ns.count + rows | length %} {{ 'union all' if not loop.last }}
{% endfor %}-- {{ ns.count }}`,
];

interface RecordedCase {
  readonly template: string;
  readonly error?: string;
}

/** The recorded templates that define macros, and three as large as those of packages. */
export function macroTemplates(): readonly string[] {
  const file = join(ROOT, 'spec', 'golden', 'jinja', 'recorded.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly RecordedCase[];
  const small = cases.filter(
    ({ template, error }) => error === undefined && template.includes('macro '),
  );
  return [...small.map(({ template }) => template), ...LARGE];
}
