import { describe, expect, it } from 'vitest';
import { ProjectError } from '../core/errors.ts';
import { parseTemplate } from './template.ts';

const parse = (text: string) => parseTemplate({ file: 'm.sql', text });

function syntaxError(text: string): ProjectError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ProjectError) return error;
    throw error;
  }
  throw new Error('it parsed');
}

describe('syntax errors', () => {
  const cases: readonly (readonly [string, number, number, string])[] = [
    ['a\n{% if x %}\nb', 2, 4, "'{% if %}' of line 2 is never closed"],
    ['{% for x in y %}\n{% if z %}{% endif %}', 1, 4, "'{% for %}' of line 1 is never closed"],
    ['{% macro m() %}x', 1, 4, "'{% macro %}' of line 1 is never closed"],
    ['x\n {# never', 2, 2, "the comment '{#' is never closed"],
    ['{% raw %}x', 1, 1, "the block '{% raw %}' is never closed"],
    ['{{ a', 1, 5, "expected '}}', got the end of the file"],
    ['{{ "abc }}', 1, 4, 'the string is never closed'],
    ['{{ a b }}', 1, 6, "expected '}}', got 'b'"],
    ['{{ }}', 1, 4, 'expected an expression'],
    ['{{ a | }}', 1, 8, "expected a name, got '}}'"],
    ['{{ f(a=1, 2) }}', 1, 5, 'invalid syntax for function call expression'],
    ['{% endif %}', 1, 4, "unknown tag 'endif'"],
    ['{% foo %}', 1, 4, "unknown tag 'foo'"],
    ["{% include 'x' %}", 1, 4, "'{% include %}' is not supported"],
    ["{% import 'x' as y %}", 1, 4, "'{% import %}' is not supported"],
    ["{% extends 'x' %}", 1, 4, "'{% extends %}' is not supported"],
    ['{% break %}', 1, 4, "'{% break %}' is outside of a loop"],
    ['{{ a ! b }}', 1, 6, "unexpected char '!'"],
    ['{{ a) }}', 1, 5, "unexpected ')'"],
    ['{% macro m(a=1, b) %}{% endmacro %}', 1, 17, 'non-default argument follows default argument'],
  ];
  it.each(cases)('%s', (text, line, column, message) => {
    const error = syntaxError(text);
    expect(error.code).toBe('template-syntax');
    expect(error.message).toBe(message);
    expect(error.span).toEqual({ file: 'm.sql', line, column });
  });

  it('name the block that is still open at a wrong end', () => {
    const error = syntaxError('{% for a in b %}\n{% if a %}\n{% endfor %}');
    expect(error.span?.line).toBe(3);
    expect(error.hint).toBe("'{% if %}' of line 2 is still open");
  });

  it('count from where the text starts in its file', () => {
    const source = { file: 's.yml', text: 'a {{ b }\n{{', line: 10, column: 5 };
    expect(() => parseTemplate(source)).toThrow(
      expect.objectContaining({ span: { file: 's.yml', line: 10, column: 12 } }),
    );
  });
});

describe('what a template holds', () => {
  it('macros, tests and materializations, with their source', () => {
    const text = [
      '{% macro a(x, y=1) -%} {{ b(x) }} {%- endmacro %}',
      '{% test c(model) %}{{ model }}{% endtest %}',
      '{% data_test e(model) %}{% enddata_test %}',
      "{% materialization v, adapter='duckdb', supported_languages=['sql'] %}{% endmaterialization %}",
      '{%- materialization w, default -%}{% endmaterialization -%}',
    ];
    const { macros } = parse(text.join('\n'));
    expect(macros.map((macro) => [macro.name, macro.kind, macro.parameters])).toEqual([
      ['a', 'macro', ['x', 'y']],
      ['test_c', 'test', ['model']],
      ['test_e', 'test', ['model']],
      ['materialization_v_duckdb', 'materialization', []],
      ['materialization_w_default', 'materialization', []],
    ]);
    expect(macros.map((macro) => macro.text)).toEqual(text);
    expect(macros.map((macro) => macro.span.line)).toEqual([1, 2, 3, 4, 5]);
    expect([...(macros[0]?.names ?? [])].sort()).toEqual(['b']);
  });

  it('docs and snapshots as text with its place', () => {
    const { blocks } = parse(
      'x\n{% docs d %}{{ not parsed %}{% enddocs %}\n{% snapshot s %}\nselect{% endsnapshot %}',
    );
    expect(blocks).toEqual([
      {
        kind: 'docs',
        name: 'd',
        text: '{{ not parsed %}',
        span: { file: 'm.sql', line: 2, column: 13 },
      },
      {
        kind: 'snapshot',
        name: 's',
        text: '\nselect',
        span: { file: 'm.sql', line: 3, column: 17 },
      },
    ]);
  });

  it('every dotted name it looks up', () => {
    const { names } = parse(
      "{{ dbt_utils.star(ref('a')) }}{% if a.b.c is defined %}{{ x['y'] }}{% endif %}{% set q = f(k=z) %}",
    );
    expect([...names].sort()).toEqual([
      'a',
      'a.b',
      'a.b.c',
      'dbt_utils',
      'dbt_utils.star',
      'f',
      'ref',
      'x',
      'z',
    ]);
  });
});
