import { describe, expect, it } from 'vitest';
import { DatabaseError, ProjectError, VeloError } from '../core/errors.ts';
import { type Context, layeredContext } from './context.ts';
import type { Limits } from './limits.ts';
import { render, renderNative } from './render.ts';
import { macroReturn, Suspend } from './signals.ts';
import { parseTemplate } from './template.ts';
import { callFunction, jinjaFunction, toText, type Value } from './value.ts';

const noNames: Context = layeredContext([]);

function rendered(text: string, names: Record<string, Value> = {}, limits?: Partial<Limits>) {
  return render(parseTemplate({ file: 'm.sql', text }), layeredContext([names]), limits);
}

function failure(text: string, names: Record<string, Value> = {}, limits?: Partial<Limits>) {
  try {
    rendered(text, names, limits);
  } catch (error) {
    if (error instanceof VeloError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function bound(text: string, extra: Record<string, Value> = {}): Record<string, Value> {
  const names: Record<string, Value> = { ...extra };
  const context = layeredContext([names]);
  for (const macro of parseTemplate({ file: 'macros.sql', text }).macros) {
    names[macro.name] = macro.bind(context);
  }
  return names;
}

describe('errors', () => {
  it('point to line and column of the expression', () => {
    const error = failure('select 1\nfrom {{ a ~ (1 / 0) }}');
    expect(error).toBeInstanceOf(ProjectError);
    expect(error.code).toBe('template-error');
    expect(error.message).toBe('division by zero');
    expect(error.span).toEqual({ file: 'm.sql', line: 2, column: 14 });
  });

  it('name an unknown macro and the one that was meant', () => {
    const error = failure('{{ my_macr(1) }}', { my_macro: jinjaFunction('my_macro', () => 1) });
    expect(error.code).toBe('unknown-macro');
    expect(error.message).toBe("'my_macr' is undefined");
    expect(error.hint).toBe("did you mean 'my_macro'?");
  });

  it('carry the chain of macro calls, outermost last', () => {
    const names = bound(
      '{% macro inner(x) %}\n{{ x.y.z }}{% endmacro %}\n{% macro outer() %}{{ inner({}) }}{% endmacro %}',
    );
    const error = failure('a\n  {{ outer() }}', names);
    expect(error.span).toEqual({ file: 'macros.sql', line: 2, column: 4 });
    expect(error.trace).toEqual([
      { text: "macro 'inner'", span: { file: 'macros.sql', line: 3, column: 23 } },
      { text: "macro 'outer'", span: { file: 'm.sql', line: 2, column: 6 } },
    ]);
  });

  it('of context functions keep their class and get the place of the call', () => {
    const fail = jinjaFunction('fail', () => {
      throw new DatabaseError('database-error', 'no such table', 'select 1');
    });
    const error = failure('\n{{ fail() }}', { fail });
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.span).toEqual({ file: 'm.sql', line: 2, column: 4 });
  });

  it('that are not ours pass untouched, through macros too', () => {
    const signal = new Suspend({ sql: 'select 1' });
    const wait = jinjaFunction('wait', () => {
      throw signal;
    });
    const names = bound('{% macro m() %}{% for i in [1] %}{{ wait() }}{% endfor %}{% endmacro %}', {
      wait,
    });
    expect(() => rendered('{% set x = m() %}', names)).toThrow(signal);
  });
});

describe('macros', () => {
  it('yield the value of return() as it is', () => {
    const back = jinjaFunction('return', ({ args }) => macroReturn(args[0]));
    const names = bound('{% macro m() %}text{{ return([1, 2]) }}{% endmacro %}', { return: back });
    expect(rendered('{{ m()[1] + 1 }}', names).text).toBe('3');
    expect(failure('{{ return(1) }}', names).message).toContain('outside of a macro');
  });

  it('see the context they are bound to and not the scope they are called from', () => {
    const names = bound('{% macro m() %}{{ a }}{{ b }}{% endmacro %}', { b: 'B' });
    expect(rendered('{% set a = 1 %}{{ m() }}', names).text).toBe('B');
  });

  it('can be called by a host function, within the same limits', () => {
    const apply = jinjaFunction('apply', (call) =>
      toText(callFunction(call.kwargs.get('caller'), call, ['x'])).toUpperCase(),
    );
    expect(rendered('{% call(v) apply() %}a{{ v }}{% endcall %}', { apply }).text).toBe('AX');
  });

  it('render the same again: nothing is kept', () => {
    const template = parseTemplate({
      file: 'm.sql',
      text: '{% macro m(a=[]) %}{% do a.append(1) %}{{ a }}{% endmacro %}{{ m() }}{{ m() }}',
    });
    expect(render(template, noNames).text).toBe('[1][1]');
    expect(render(template, noNames).text).toBe('[1][1]');
  });
});

describe('limits', () => {
  const endless = '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}';
  const cases: readonly (readonly [string, string, Partial<Limits>])[] = [
    ['output', '{% for i in range(100) %}0123456789{% endfor %}', { outputSize: 500 }],
    [
      'captured output',
      '{% set x %}{% for i in range(100) %}abc{% endfor %}{% endset %}',
      { outputSize: 99 },
    ],
    [
      'iterations',
      '{% for i in range(100) %}{% for j in range(100) %}{% endfor %}{% endfor %}',
      { iterations: 5000 },
    ],
    ['depth', endless, { depth: 50 }],
    ['default depth', endless, {}],
    ['stack', endless, { depth: 1_000_000 }],
    ['recursive loop', '{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}', {}],
    ['range', '{{ range(10000001) }}', {}],
    ['repeat', "{{ 'a' * 1000000000 }}", {}],
    ['repeated list', '{{ [1] * 1000000000 }}', {}],
    ['power', '{{ 10 ** 99999999 }}', {}],
    ['padding', "{{ 'a'.ljust(999999999) }}", {}],
    ['format width', "{{ '%999999999d' % 1 }}", {}],
    [
      'doubling',
      "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
      {},
    ],
    [
      'doubling list',
      '{% set q = [1] %}{% for i in range(60) %}{% do q.extend(q) %}{% endfor %}',
      {},
    ],
    [
      'adding lists',
      '{% set ns = namespace(q=[1]) %}{% for i in range(60) %}{% set ns.q = ns.q + ns.q %}{% endfor %}',
      {},
    ],
    ['batch', '{{ [1]|batch(1000000000, 0)|list|length }}', {}],
    ['slice', '{{ [1]|slice(1000000000)|list|length }}', {}],
    ['a list that holds itself', '{% set q = [] %}{% do q.append(q) %}{{ q }}', {}],
    ['nesting', `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`, {}],
    ['long sum', `{{ ${'1+'.repeat(100_000)}1 }}`, {}],
  ];
  it.each(cases)('stop a template: %s', (_name, text, limits) => {
    expect(failure(text, {}, limits).code).toBe('template-limit');
  });

  it('let 390 macros call each other', () => {
    const text =
      '{% macro m(n) %}{% if n %}{% for i in [1] %}{{ m(n - 1) }}{% endfor %}{% endif %}{% endmacro %}{{ m(390) }}ok';
    expect(rendered(text).text).toBe('ok');
  });
});

describe('renderNative', () => {
  const context = layeredContext([{ flag: true, xs: [1] }]);
  const native = (text: string) =>
    renderNative({ file: 'y.yml', text, line: 4, column: 9 }, context);

  it('gives the value of a lone expression, else text', () => {
    expect(native('{{ flag }}')).toBe(true);
    expect(native(' {{ xs + [2] }} ')).toEqual([1, 2]);
    expect(native('{{ flag }}-x')).toBe('True-x');
    expect(native('plain')).toBe('plain');
  });

  it('places errors in the file around it', () => {
    expect(() => native('{{ 1 / 0 }}')).toThrow(
      expect.objectContaining({ span: { file: 'y.yml', line: 4, column: 12 } }),
    );
  });
});

describe('source map', () => {
  it('maps a line of the output to the line of the template that wrote it', () => {
    const names = bound('{% macro three() %}\nx\ny\n{% endmacro %}');
    const text = [
      '{{ "" }}',
      'select',
      '{% for c in ["a", "b"] %}',
      '  {{ c }},',
      '{% endfor %}',
      '{{ three() }}',
      'from t',
    ].join('\n');
    const output = rendered(text, names);
    const lines = output.text
      .split('\n')
      .map((line, index) => [line.trim(), output.placeOf(index + 1)?.span.line]);
    expect(lines.filter(([line]) => line !== '')).toEqual([
      ['select', 2],
      ['a,', 4],
      ['b,', 4],
      ['x', 6],
      ['y', 6],
      ['from t', 7],
    ]);
    expect(output.placeOf(99)).toBeUndefined();
    expect(output.placeOf(0)).toBeUndefined();
  });

  it('gives the column of plain text', () => {
    const output = rendered('{% if true %}select 1\n  from x{% endif %}');
    expect(output.placeOf(1)?.span).toEqual({ file: 'm.sql', line: 1, column: 14 });
    expect(output.placeOf(2)?.span).toEqual({ file: 'm.sql', line: 2, column: 3 });
  });
});
