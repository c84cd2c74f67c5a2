import { expect, test } from 'vitest';
import { parseTemplate } from '../jinja/template.ts';
import { unrenderedConfig } from './unrendered-config.ts';

const unrendered = (text: string, isModel = true) =>
  unrenderedConfig(parseTemplate({ file: 'm.sql', text }), isModel);

// What dbt_extractor 0.6.0 takes becomes values, what it refuses becomes text (dbt's manifest of the reference project).
test.each([
  ["{{ config(a='x', b=['c', 'd'], e={'f': 'g'}) }}", { a: 'x', b: ['c', 'd'], e: { f: 'g' } }],
  ["{# c #}{{ config(enabled=True) }} {{ ref('m', v=1) }}", { enabled: true }],
  ['{{ config(enabled=true) }}', { enabled: 'True' }],
  ['{{ config(a=1, b=none) }}', { a: '1', b: 'None' }],
  ["{{- config(a=['b']) -}}", { a: "['b']" }],
  ["{{ config(a=['b']) }} {{ var('x') }}", { a: "['b']" }],
  ["{{ config(a=['b']) }} {% if x %}{% endif %}", { a: "['b']" }],
  ["{{ config(pre_hook='x', tags=['t']) }}", { pre_hook: 'x', tags: "['t']" }],
  [
    "{{ config(enabled=(target.type == 'duckdb'), alias='f_' ~ target.type) }}",
    { enabled: "target.type == 'duckdb'", alias: "'f_' ~ target.type" },
  ],
  [
    "{{ config(a={'sql': 'x', 'transaction': false}) }}",
    { a: "{'sql': 'x', 'transaction': False}" },
  ],
  ["{% if x %}{{ config(a='b') }}{% endif %}", { a: 'b' }],
  ["{{ config(a='b') }}{{ config(c='d') }}", { a: 'b' }],
])('%s', (text, expected) => {
  expect(unrendered(text)).toEqual(expected);
});

test('only models are read statically', () => {
  expect(unrendered("{{ config(tags=['t']) }}", false)).toEqual({ tags: "['t']" });
});

test('none without a call of its own', () => {
  expect(unrendered("{{ config.get('a') }}")).toBeUndefined();
  expect(unrendered('select 1')).toBeUndefined();
});
