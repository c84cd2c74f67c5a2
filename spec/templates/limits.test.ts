import { describe, expect, test } from 'vitest';
import { VeloError } from '../../src/core/errors.ts';
import { render } from '../../src/jinja/render.ts';
import { parseTemplate } from '../../src/jinja/template.ts';
import { phaseContexts } from './phase-contexts.ts';

const { run } = phaseContexts();

/** Loops fewer than by default, so that what is stopped is stopped soon: work is counted by the loops allowed. */
const FEW = { iterations: 100_000 };

function outcome(text: string, limits: { readonly iterations?: number } = FEW): string {
  try {
    return render(parseTemplate({ file: 'a.sql', text }), run, limits).text;
  } catch (error) {
    if (error instanceof VeloError) return error.code;
    throw error;
  }
}

const DOUBLED = `{% set ns = namespace(x=['a'], y=['a']) %}{% for i in range(100) %}
  {%- set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}`;

/** Each of these ran for minutes or filled the memory before work was counted, or would. */
const STOPPED: readonly string[] = [
  '{% macro m(n) %}{% if n > 0 %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
  `{% for i in range(1000) %}{{ render('{% for i in range(1000) %}{% endfor %}') }}{% endfor %}`,
  `${DOUBLED}{{ ns.x }}`,
  `${DOUBLED}{{ ns.x|tojson }}`,
  `${DOUBLED}{{ tojson(ns.x) }}`,
  `${DOUBLED}{{ toyaml(ns.x) }}`,
  `${DOUBLED}{{ ns.x|pprint }}`,
  `${DOUBLED}{{ ns.x == ns.y }}`,
  `${DOUBLED}{{ config(meta=ns.x) }}{{ {}|tojson }}{{ ns.x|string }}`,
  "{% set l = 'a' * 1000000 %}{% set k = [] %}{% for i in range(1000) %}{% do k.append(l.upper()) %}{% endfor %}",
  "{% set l = 'a' * 1000000 %}{% set k = [] %}{% for i in range(1000) %}{% do k.append(l|upper) %}{% endfor %}",
  '{% set l = range(100000)|list %}{% for i in range(1000) %}{% set k = l + [i] %}{% endfor %}',
  '{% set l = range(100000)|list %}{% for i in range(1000) %}{% set k = l|sort %}{% endfor %}',
  '{% set l = range(100000)|list %}{% for i in range(1000) %}{% set k = 7.5 in l %}{% endfor %}',
  '{% set ns = namespace(x=10**300) %}{% for i in range(40) %}{% set ns.x = ns.x * ns.x %}{% endfor %}',
  "{{ modules.re.match('(a|a)*b', 'a' * 100) }}",
  "{{ modules.re.match('a*a*a*a*a*a*a*b', 'a' * 150) }}",
  "{{ modules.re.match('(?:a?){50}b', 'a' * 100) }}",
  "{{ modules.re.sub('a', 'b' * 100000, 'a' * 100000) }}",
  "{{ ('a\\t' * 1000).expandtabs(50000000) }}",
  '{{ modules.itertools.permutations(range(20))|list }}',
  '{{ modules.itertools.combinations(range(60), 30)|list }}',
  "{{ modules.itertools.repeat('x', 10**12)|list }}",
  '{{ modules.itertools.product([1, 2], repeat=10**9)|list }}',
  '{{ modules.itertools.tee(range(1000), 10**9) }}',
  '{{ range(10**9) }}{{ range(10**18) }}',
  "{{ '%*d' % (10**9, 1) }}",
  "{{ ['a' * 40000000] * 1000 }}",
  "{{ ('f' * 1000000)|int(0, 16) }}",
  "{{ fromyaml('- x\\n' * 1000000) }}",
  "{{ 'a'|center(10**9) }}",
];

describe('what has no end is stopped', () => {
  test.each(STOPPED)('%s', (text) => {
    expect(outcome(text)).toBe('template-limit');
  });
});

/** Linear work: quadratic, each would take minutes. The answers are Python's. */
const LINEAR: readonly (readonly [string, string])[] = [
  ["{% set s = 'ab' * 500000 %}{% for i in range(500000) %}{% set x = s[i] %}{% endfor %}ok", 'ok'],
  [
    "{% set s = 'ab' * 500000 %}{% for i in range(500000) %}{% set x = s[i:i+1] %}{% endfor %}ok",
    'ok',
  ],
  ['{{ range(200000)|unique|list|length }}', '200000'],
  ['{{ set(range(200000))|length }}', '200000'],
  [
    '{% set d = {} %}{% for i in range(200000) %}{% do d.update({i: i}) %}{% endfor %}{{ d|length }}',
    '200000',
  ],
  ["{{ ('a b ' * 200000).split(none, 300000)|length }}", '300001'],
  ["{{ ('<' * 2000000)|striptags|length }}", '2000000'],
  ["{{ (')' * 200000 ~ 'x')|urlize|length }}", '200001'],
  ["{{ ('1' * 200000 ~ 'x')|float }}", '0.0'],
  ["{{ ('1' * 200000 ~ 'x')|int(-1) }}", '-1'],
  ["{{ ('9' * 200000)|int(-1) }}", '-1'],
  ['{{ 5|round(-100000000)|int }}', '0'],
  ["{{ fromyaml('- &a x\\n' ~ '- *a\\n' * 20000)|length }}", '20001'],
  ['{{ modules.itertools.combinations(range(60), 58)|list|length }}', '1770'],
  ["{{ '{}'.format('x') * 3 }}{{ 'ab'.center(5, '*') }}", 'xxx**ab*'],
];

describe('much work that ends', () => {
  test.each(LINEAR)('%s', (text, expected) => {
    expect(outcome(text, {})).toBe(expected);
  });

  test.each([
    ["{{ '%c' % 99999999999 }}", '%c arg not in range(0x110000)'],
    ["{{ 'a'.center(9, 'xy') }}", 'The fill character must be exactly one character long'],
    ["{{ '%(' % {} }}", 'incomplete format key'],
    ['{{ 10 ** 5000 }}', 'Exceeds the limit (4300 digits) for integer string conversion'],
  ])('%s fails as in Python', (text, message) => {
    expect(() => render(parseTemplate({ file: 'a.sql', text }), run)).toThrow(message);
  });

  test('keys of one value are one key, whatever was there before', () => {
    const text = [
      "{% set d = {} %}{% for i in range(5) %}{% do d.update({i: 'int'}) %}{% endfor %}",
      "{% do d.pop(3) %}{% do d.update({3.0: 'float'}) %}{% do d.update({3: 'again', true: 'one'}) %}",
      "{{ d }} {{ d[2.0] }} {{ d|length }} {{ [1, true, 1.0, 2, 'a', 2.0]|unique|list }}",
    ];
    expect(outcome(text.join(''))).toBe(
      "{0: 'int', 1: 'one', 2: 'int', 4: 'int', 3.0: 'again'} int 5 [1, 2, 'a']",
    );
  });
});

describe('the parser reads in time with the length of its text', () => {
  const source = (text: string) => ({ file: 'a.sql', text });

  test.each([
    ['tags on one line', '{{ 1 }} '],
    ['brackets side by side', '{{ ([{}]) }}'],
    ['comments', '{# x #} { '],
    ['strings', "{{ 'a' 'b' }}{{ \"\\n\" }}"],
    ['lines', 'select {{ x }}\n'],
  ])('%s', (_name, piece) => {
    // Quadratic, this is an hour.
    expect(parseTemplate(source(piece.repeat(200_000))).tree.body.length).toBeGreaterThan(100_000);
  });

  test('unclosed tags, brackets and comments fail at once', () => {
    for (const piece of ['{% if ', '{{ (', "{{ '", '{#', '{% raw %}', '{% for x in y %}']) {
      expect(() => parseTemplate(source(piece.repeat(500_000)))).toThrow(VeloError);
    }
  });
});
