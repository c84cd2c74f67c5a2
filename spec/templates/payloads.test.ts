import { afterEach, describe, expect, test } from 'vitest';
import { VeloError } from '../../src/core/errors.ts';
import { render } from '../../src/jinja/render.ts';
import { parseTemplate } from '../../src/jinja/template.ts';
import { phaseContexts } from './phase-contexts.ts';

// Ways to JavaScript, to a prototype or to the file system, by what they go through. Each ends in an error of the
// template or in text that holds nothing of the kind.
const BY_WAY: Readonly<Record<string, readonly string[]>> = {
  filters: [
    "{{ 'x'|attr('constructor')|attr('constructor') }}{{ ('x'|attr('__proto__')) is defined }}",
    "{{ ['x']|map('attr', '__proto__')|map('attr', 'constructor')|list }}",
    "{{ ['x']|map(attribute='constructor.constructor')|list }}",
    "{{ ['x']|map(attribute='__proto__', default='none')|list }}",
    "{{ ['x']|map('constructor')|list }}",
    "{{ ['x']|map('__proto__')|list }}",
    "{{ ['x']|select('constructor')|list }}",
    "{{ ['x']|select('hasOwnProperty', 'x')|list }}",
    "{{ [{}]|selectattr('constructor')|list }}",
    "{{ [{}]|selectattr('__proto__', 'defined')|list }}",
    "{{ [{}]|rejectattr('__proto__.polluted')|list }}",
    "{{ [{}]|groupby('constructor')|list }}",
    "{{ [{'a': 1}]|groupby('__proto__')|map(attribute='grouper')|list }}",
    "{{ [{}, {}]|sort(attribute='constructor.name')|list }}",
    "{{ [{}, {}]|sort(attribute='__proto__,a')|list }}",
    "{{ [{}]|sum(attribute='constructor') }}",
    "{{ [{}]|max(attribute='__proto__') }}{{ [{}]|unique(attribute='constructor')|list }}",
    "{{ [{}]|join(',', attribute='constructor') }}",
    "{{ {'__proto__': {'polluted': 1}}|dictsort|list }}{{ {'__proto__': 1}|xmlattr }}",
    "{{ {'__proto__': {'polluted': 1}, 'constructor': 2}|items|list|tojson }}",
    "{{ '&constructor;&__proto__;&toString;'|striptags }}",
    '{{ x|constructor }}',
    '{{ x|__proto__ }}',
    '{{ x is constructor }}',
    '{{ x is hasOwnProperty }}',
  ],
  formats: [
    "{{ '{0.constructor.constructor}'.format('x') }}",
    "{{ '{0[constructor]}'.format({}) }}",
    "{{ '{a.__proto__.constructor}'.format(a=[]) }}",
    "{{ '{__proto__}'.format(**{}) }}",
    "{{ '{constructor}'.format_map({}) }}",
    "{{ '{0.__class__.__init__.__globals__}'.format('x') }}",
    "{{ '{:{0.constructor}}'.format('x') }}",
    "{{ '%(constructor)s' % {} }}",
    "{{ '%(__proto__)s' % {'a': 1} }}",
    "{{ '%(constructor)s'|format(a=1) }}",
  ],
  macros: [
    "{% macro m(a=''.constructor.constructor) %}{{ a('return process')() }}{% endmacro %}{{ m() }}",
    "{% macro m(constructor) %}{{ constructor.constructor('x') }}{% endmacro %}{{ m(1) }}",
    "{% macro m(__proto__) %}{{ __proto__.polluted }}{% endmacro %}{{ m(__proto__={'polluted': 1}) }}",
    "{% macro m() %}{{ kwargs.__proto__.constructor }}{{ kwargs['constructor'] }}{% endmacro %}{{ m(__proto__=1, x=2) }}",
    "{% macro m() %}{{ varargs.constructor('return process')() }}{% endmacro %}{{ m(1) }}",
    "{% macro m() %}{{ caller.constructor('return process')() }}{% endmacro %}{% call m() %}{% endcall %}",
    '{% macro m() %}{{ caller(__proto__=1) }}{% endmacro %}{% call(x) m() %}{% endcall %}',
    "{% macro m() %}{% endmacro %}{{ m.name.constructor }}{{ m.arguments.constructor('x')() }}",
    '{% macro m() %}{% endmacro %}{{ m.call.call(m, 1) }}',
    '{% macro constructor() %}mine{% endmacro %}{{ ({}).constructor is defined }}',
    "{{ own.constructor('return process')() }}",
    "{{ toolbox.constructor('x') }}",
    '{{ toolbox.__proto__.polluted }}',
    "{{ toolbox.gives()[0].constructor.constructor('return process')() }}",
    "{{ builtins.constructor.constructor('x')() }}",
    "{{ context['constructor']('return process')() }}",
    "{{ context.get('__proto__').constructor('x')() }}",
    "{{ adapter.dispatch('constructor')() }}",
    "{{ adapter.dispatch('__proto__', '__proto__')() }}",
    "{{ adapter.dispatch('own', 'constructor')() }}",
  ],
  objects: [
    "{% set j = joiner('x') %}{{ j.constructor('x') }}",
    "{% set c = cycler(1, 2) %}{{ c.next.constructor('return process')() }}",
    "{{ cycler('a').items.constructor('return process')() }}",
    "{% set ns = namespace() %}{% set ns.__proto__ = {'polluted': 1} %}{{ ns.polluted is defined }}",
    "{% set ns = namespace(__proto__={'polluted': 1}) %}{{ ns.polluted is defined }}",
    "{% set ns = namespace({'__proto__': {'polluted': 1}}, constructor=1) %}{{ ns.polluted is defined }}",
    '{% set ns = namespace() %}{% set ns.constructor.prototype.polluted = 1 %}',
    '{% set ns = namespace() %}{% set ns.attributes = 1 %}{{ ns.attributes }}',
    '{% set d = {} %}{% do d.__proto__.update(polluted=1) %}',
    "{% set d = {} %}{% do d.update({'__proto__': {'polluted': 1}}) %}{{ d.polluted is defined }}",
    "{% set d = {} %}{% do d.setdefault('__proto__', {}).update(polluted=1) %}{{ {}.polluted is defined }}",
    "{{ dict(__proto__={'polluted': 1}).polluted is defined }}",
    "{{ {}.fromkeys(['__proto__', 'constructor'], 1).polluted is defined }}",
    "{% for i in [1] %}{{ loop.__proto__.constructor('x') }}{% endfor %}",
    "{% for i in [1] %}{{ loop.changed.constructor('return process')() }}{% endfor %}",
    "{% for i in [1] %}{{ loop.items.push.constructor('x')() }}{{ loop.last.constructor }}{% endfor %}",
    "{% for i in [1] recursive %}{{ loop.call.constructor('return process')() }}{% endfor %}",
    "{{ self.constructor('x') }}",
    "{% for k in {'__proto__': 1} %}{% set ns = namespace() %}{{ {}[k] is defined }}{% endfor %}",
  ],
  context: [
    "{{ this.get('constructor')('return process')() }}",
    "{{ this.get('__proto__').constructor }}",
    '{{ this.include(__proto__=1).constructor }}',
    "{{ this.replace_path(__proto__='x', constructor='y').constructor }}",
    "{{ this.path.constructor('x')() }}{{ this.include_policy.__proto__ }}",
    "{{ api.Relation.create(__proto__={'polluted': 1}).polluted }}",
    "{{ api.Relation.create.constructor('return process')() }}",
    "{{ api.Relation.get_relation_type.constructor('x')() }}",
    "{{ api.Column.translate_type('constructor')('return process')() }}",
    "{{ api.Column.create('a', '__proto__').dtype.constructor('x')() }}",
    "{{ api.Column('a', 'constructor').column.constructor('x')() }}",
    "{{ run_query('x').columns['constructor']('x')() }}",
    "{{ run_query('x').rows[0]['__proto__'].constructor('x')() }}",
    "{{ run_query('x').columns.__proto__.constructor('x')() }}",
    "{{ run_query('x').rename({'integer_column': '__proto__'}).print_json() }}",
    "{% do run_query('x').rows[0].dict().update(__proto__={'polluted': 1}) %}",
    "{{ run_query('x').rows[0][1].unscaled.constructor('x')() }}",
    "{{ load_result('constructor') }}",
    "{% do store_result('__proto__', {'polluted': 1}) %}{{ load_result('__proto__').polluted }}",
    "{{ modules.os.system('x') }}{{ modules.__proto__.constructor }}",
    "{{ modules.re.match.constructor('return process')() }}",
    "{{ modules.re.sub('(a)', '\\\\g<constructor>', 'a') }}",
    "{{ modules.re.match('(?P<__proto__>a)', 'a').groupdict().polluted }}",
    "{{ modules.re.match('a', 'a').group('constructor') }}",
    "{{ modules.re.compile('a').regex.constructor('x')() }}",
    "{{ modules.datetime.datetime.now().constructor('x')() }}",
    "{{ modules.datetime.datetime(2024, 1, 1).strftime.constructor('x')() }}",
    "{{ modules.pytz.timezone('constructor') }}{{ modules.pytz.timezone('../../etc/passwd') }}",
    "{{ modules.itertools.chain.from_iterable.constructor('x')() }}",
    "{{ graph.__proto__.constructor('x')() }}{{ graph.nodes.constructor.prototype.polluted }}",
    "{{ graph.nodes.values()|map(attribute='constructor.prototype')|list }}",
    "{{ model.constructor('return process')() }}{{ model['__proto__'].constructor }}",
    "{{ model.config.constructor.prototype.polluted.constructor('x')() }}",
    "{{ target.constructor.constructor('return process')() }}",
    "{{ flags.constructor.constructor('return process')() }}",
    "{{ config.get('constructor').constructor('x')() }}",
    "{{ config.get('__proto__').__proto__.constructor('x')() }}",
    "{{ config(__proto__={'polluted': 1}) }}{{ config.require('hasOwnProperty') }}",
    "{{ exceptions.warn.constructor('return process')() }}",
    "{{ exceptions.raise_compiler_error('x').constructor }}",
    "{{ env_var('constructor') }}",
    "{{ env_var('__proto__').polluted }}",
    "{{ var('__proto__').__proto__.constructor('x')() }}{{ var('hasOwnProperty') }}",
    "{{ var('constructor').constructor('return process')() }}",
    "{{ doc('__proto__').constructor('x')() }}",
    "{{ ref('__proto__').constructor('x')() }}{{ ref('constructor', 'prototype').polluted.x }}",
    "{{ source('__proto__', 'polluted').constructor('x')() }}",
    `{{ fromjson('{"__proto__": {"polluted": 1}}').__proto__.constructor('x')() }}`,
    `{{ fromjson('{"constructor": {"prototype": {"polluted": 1.5}}}').polluted.x }}`,
    "{{ fromyaml('__proto__: {polluted: 1}').polluted.x }}",
    '{{ fromyaml(\'a: !!js/function "function () { return process }"\').a() }}',
    "{{ fromyaml('a: !!python/object/apply:os.system [ls]').a() }}",
    "{{ tojson({'__proto__': {'polluted': 1}, 'toJSON': 1}) }}{{ toyaml({'__proto__': {'polluted': 1}}) }}",
    "{{ diff_of_two_dicts({'__proto__': ['a']}, {'constructor': ['b']}).polluted.x }}",
    "{{ validation.any['constructor'].constructor('x')() }}{{ validation.any.__proto__ }}",
    "{{ try_or_compiler_error('x', ''.constructor.constructor, 'return process') }}",
    "{{ render('{{ constructor.constructor(1)() }}') }}",
    "{{ render(\"{{ ''.constructor.constructor('return process')() }}\") }}",
    "{{ zip.constructor('x')() }}{{ set(['__proto__']).constructor }}",
    "{{ local_md5.constructor('return process')() }}",
    "{{ statement.constructor('return process')() }}",
    "{{ selected_resources.constructor('return process')() }}",
    "{{ run_started_at.constructor('return process')() }}{{ run_started_at.tzinfo.constructor }}",
    '{{ invocation_args_dict.constructor.prototype.polluted.x }}',
    "{{ as_of.constructor('return process')() }}",
    "{{ return(''.constructor) }}",
    "{{ write('/etc/passwd') }}{{ open('/etc/passwd') }}",
    "{% include '/etc/passwd' %}",
    "{% import '/etc/passwd' as x %}",
    "{% extends '/etc/passwd' %}",
    '{{ lipsum.__globals__ }}{{ url_for.__globals__ }}{{ get_flashed_messages() }}',
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    '{{ this.constructor.constructor }}{{ process.mainModule }}{{ globalThis }}',
  ],
};

const PAYLOADS = Object.entries(BY_WAY).flatMap(([way, texts]) =>
  texts.map((text) => [way, text] as const),
);

/** What only JavaScript or the operating system prints. */
const TELLTALE = /\[native code\]|\[object |=>|function |root:x:|<Object|PATH=/;

const contexts = phaseContexts();

/** The text, or the message of the error: nothing but a VeloError may come out. */
function outcome(phase: keyof typeof contexts, text: string): string {
  try {
    return render(parseTemplate({ file: 'a.sql', text }), contexts[phase]).text;
  } catch (error) {
    if (error instanceof VeloError) return error.message;
    throw error;
  }
}

afterEach(() => {
  const fresh = {} as Record<string, unknown>;
  expect(fresh['polluted']).toBeUndefined();
  expect(([] as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe('payloads reach nothing', () => {
  test.each(PAYLOADS)('%s: %s', (_way, text) => {
    for (const phase of ['parse', 'compile', 'run'] as const) {
      // The message may quote the payload itself, which holds no telltale.
      expect(outcome(phase, text)).not.toMatch(TELLTALE);
    }
  });

  test('names are data, whatever they mean elsewhere', () => {
    const text = [
      "{% set d = {'__proto__': 3} %}{% do d.update(constructor=4) %}",
      "{{ d['__proto__'] }}{{ d.constructor }}{{ d|length }}{{ d|tojson }}",
      `{{ fromjson('{"__proto__": 5}')['__proto__'] }}{{ fromyaml('__proto__: 6')['__proto__'] }}`,
    ];
    expect(outcome('run', text.join(''))).toBe('342{"__proto__": 3, "constructor": 4}56');
    // var and the settings of the model hold keys of these names here.
    expect(outcome('run', "{{ var('constructor') }}{{ var('min') }}")).toBe(
      "{'prototype': {'polluted': 1}}3",
    );
  });
});
