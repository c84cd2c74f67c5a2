import { describe, expect, it } from 'vitest';
import { VeloError } from '../core/errors.ts';
import { layeredContext } from './context.ts';
import { render } from './render.ts';
import { parseTemplate } from './template.ts';
import { type JinjaObject, jinjaFunction, toValue } from './value.ts';

// Each of these reaches JavaScript in a template engine that reads properties of objects.
const payloads = [
  "{{ ''.constructor.constructor('return process')() }}",
  "{{ ''['constructor']['constructor']('return process')() }}",
  "{{ [].constructor.constructor('return process')() }}",
  "{{ {}.constructor.constructor('return process')() }}",
  "{{ (1).constructor.constructor('return process')() }}",
  "{{ (1.5).constructor.constructor('return process')() }}",
  "{{ true.constructor.constructor('return process')() }}",
  "{{ range.constructor('return process')() }}",
  "{{ range['constructor']('return process')() }}",
  "{{ range(3).constructor.constructor('return process')() }}",
  "{{ ref.constructor('return process')() }}",
  "{{ ref['constructor']('return process')() }}",
  "{{ ref.call.constructor('return process')() }}",
  "{{ ref.__proto__.constructor('return process')() }}",
  '{{ ref.apply(none, []) }}',
  '{{ ref.bind(none)() }}',
  "{{ this.constructor.constructor('return process')() }}",
  "{{ this['getAttribute'].constructor('return process')() }}",
  "{{ this.toString.constructor('return process')() }}",
  "{{ this.__proto__.constructor('return process')() }}",
  "{{ data.__proto__.constructor.constructor('return process')() }}",
  "{{ data['__proto__']['constructor']('return process')() }}",
  "{{ data.get.constructor('return process')() }}",
  "{{ data.items().constructor.constructor('return process')() }}",
  "{{ 'a'.upper.constructor('return process')() }}",
  "{{ namespace(a=1).constructor.constructor('return process')() }}",
  "{{ namespace(a=1).attributes.constructor('return process')() }}",
  "{{ cycler('a').constructor.constructor('return process')() }}",
  "{% for i in [1] %}{{ loop.constructor.constructor('return process')() }}{% endfor %}",
  "{% for i in [1] %}{{ loop.items.push.constructor('return process')() }}{% endfor %}",
  "{% macro m() %}{% endmacro %}{{ m.constructor('return process')() }}",
  "{% macro m() %}{{ caller.constructor('return process')() }}{% endmacro %}{% call m() %}{% endcall %}",
  "{{ 'x'|attr('constructor')|attr('constructor') }}{{ ('x'|attr('constructor')).constructor('return process')() }}",
  "{{ (['x']|map(attribute='constructor.constructor')|first)('return process')() }}",
  "{{ '{0.constructor.constructor}'.format('x')('return process') }}",
  "{{ ([{}]|map('attr', 'constructor')|list)[0].constructor('return process')() }}",
  "{{ (1, 2).items.constructor.constructor('return process')() }}",
  "{{ zzz.constructor.constructor('return process')() }}",
  "{{ none.constructor.constructor('return process')() }}",
  "{{ constructor.constructor('return process')() }}",
  "{{ __proto__.constructor.constructor('return process')() }}",
  '{{ process.exit() }}',
  '{{ globalThis.process.exit() }}',
  "{{ require('fs') }}",
  "{{ Function('return process')() }}",
  "{{ eval('process') }}",
  "{{ varargs.constructor.constructor('return process')() }}",
  "{{ ''.__class__.__mro__[1].__subclasses__() }}",
] as const;

const relation: JinjaObject = {
  jinjaType: 'Relation',
  getAttribute: (name) => (name === 'schema' ? 's' : undefined),
  toString: () => 's.t',
};
const context = layeredContext([
  { ref: jinjaFunction('ref', () => 'x'), this: relation, data: toValue({ a: 1 }) },
]);

describe('a template reaches nothing but its context', () => {
  it.each(payloads)('%s', (text) => {
    expect(() => render(parseTemplate({ file: 'm.sql', text }), context)).toThrow(VeloError);
  });

  it('reads no property of a JavaScript object', () => {
    const names = [
      'constructor',
      'prototype',
      '__proto__',
      'toString',
      'valueOf',
      'hasOwnProperty',
    ];
    const targets = [
      "''",
      '[]',
      '{}',
      '1',
      '1.5',
      'true',
      '(1,)',
      'ref',
      'this',
      'data',
      'range(2)',
      'namespace()',
    ];
    for (const target of targets) {
      for (const name of names) {
        const text = `{{ (${target}).${name} is defined }}{{ (${target})['${name}'] is defined }}`;
        expect(render(parseTemplate({ file: 'm.sql', text }), context).text, text).toBe(
          'FalseFalse',
        );
      }
    }
  });

  it('keeps names such as __proto__ as data', () => {
    const text = [
      '{% set ns = namespace() %}{% set ns.__proto__ = 1 %}{% set ns.constructor = 2 %}',
      "{% set d = {'__proto__': 3} %}{% do d.update(constructor=4) %}",
      "{{ ns.__proto__ }}{{ ns.constructor }}{{ d['__proto__'] }}{{ d.constructor }}",
    ].join('');
    expect(render(parseTemplate({ file: 'm.sql', text }), context).text).toBe('1234');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
