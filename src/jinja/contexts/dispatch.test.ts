import { describe, expect, test } from 'vitest';
import { render } from '../render.ts';
import { parseTemplate } from '../template.ts';
import { dispatchCalls, findDispatched } from './dispatch.ts';
import { findMacro, type MacroLibrary, type MacroTable } from './macro-library.ts';
import { dispatchFunction, nodeContext } from './node-context.ts';
import { recordValue } from './record-value.ts';

const table = (text: string): MacroTable =>
  new Map(parseTemplate({ file: 'm.sql', text }).macros.map((macro) => [macro.name, macro]));

const macro = (name: string, body: string): string => `{% macro ${name}() %}${body}{% endmacro %}`;

/** Root project shop, package toolbox, dbt's own macros for DuckDB. */
const libraryWith = (
  macros: { shop?: string; toolbox?: string; dbt?: string; duckdb?: string },
  dispatch: Readonly<Record<string, readonly string[]>> = {},
): MacroLibrary => ({
  packages: new Map([
    ['shop', table(macros.shop ?? '')],
    ['toolbox', table(macros.toolbox ?? '')],
  ]),
  rootPackage: 'shop',
  internal: new Map([
    ['dbt_duckdb', table(macros.duckdb ?? '')],
    ['dbt', table(macros.dbt ?? '')],
  ]),
  adapterTypes: ['duckdb'],
  dispatch: new Map(Object.entries(dispatch)),
});

const NAMES = { adapter: recordValue('adapter', { dispatch: dispatchFunction }), ref: 'context' };

const rendered = (text: string, library: MacroLibrary, packageName = 'shop'): string =>
  render(parseTemplate({ file: 'a.sql', text }), nodeContext([NAMES], library, packageName)).text;

describe('names find', () => {
  const library = libraryWith({
    shop: macro('own', 'shop') + macro('both', 'shop') + macro('ref', 'mine'),
    toolbox: macro('both', 'toolbox') + macro('calls', '{{ both() }}') + macro('tool', 'tool'),
    dbt: macro('both', 'dbt') + macro('general', 'dbt') + macro('shared', 'dbt'),
    duckdb: macro('shared', 'duckdb'),
  });

  test.each([
    ['{{ own() }}', 'shop', 'shop'],
    ['{{ own() }}', 'toolbox', 'shop'],
    ['{{ both() }}', 'toolbox', 'toolbox'],
    ['{{ toolbox.both() }}', 'shop', 'toolbox'],
    ['{{ toolbox.calls() }}', 'shop', 'toolbox'],
    ['{{ dbt.both() }}', 'shop', 'dbt'],
    ['{{ general() }}', 'shop', 'dbt'],
    ['{{ shared() }} {{ dbt.shared() }}', 'shop', 'duckdb duckdb'],
    ['{{ ref() }}', 'shop', 'mine'],
    [
      '{{ tool is defined }} {{ toolbox.own is defined }} {{ nothing is defined }}',
      'shop',
      'False False False',
    ],
    ["{{ context['own']() }} {{ context.get('nope', 'none') }}", 'shop', 'shop none'],
  ])('%s in %s: %s', (text, packageName, expected) => {
    expect(rendered(text, library, packageName)).toBe(expected);
  });

  test('statically as well', () => {
    expect(findMacro(library, 'toolbox', 'dbt.shared')?.macro).toBe(
      library.internal.get('dbt_duckdb')?.get('shared'),
    );
    expect(findMacro(library, 'shop', 'toolbox.both')).toMatchObject({
      packageName: 'toolbox',
      macro: { text: macro('both', 'toolbox') },
    });
  });
});

describe('adapter.dispatch', () => {
  const all = {
    shop: macro('default__x', 'shop default') + macro('duckdb__y', 'shop duckdb'),
    toolbox: macro('duckdb__x', 'toolbox duckdb') + macro('default__x', 'toolbox default'),
    dbt: macro('default__y', 'dbt default') + macro('default__z', 'dbt z'),
    duckdb: macro('duckdb__z', 'duckdb z'),
  };
  const call = (name: string, namespace?: string) =>
    `{{ adapter.dispatch('${name}'${namespace ? `, '${namespace}'` : ''})() }}`;

  test.each([
    ['the root project first', call('x', 'toolbox'), {}, 'shop default'],
    [
      'the configured order',
      call('x', 'toolbox'),
      { toolbox: ['toolbox', 'shop'] },
      'toolbox duckdb',
    ],
    ['an override of dbt', call('y', 'dbt'), {}, 'shop duckdb'],
    ["the adapter's own", call('z', 'dbt'), {}, 'duckdb z'],
    ['without a namespace', call('z'), {}, 'duckdb z'],
  ])('%s', (_, text, dispatch, expected) => {
    expect(rendered(text, libraryWith(all, dispatch))).toBe(expected);
  });

  test('says where it has looked', () => {
    expect(() => rendered(call('nope', 'toolbox'), libraryWith(all))).toThrow(
      "In dispatch: No macro named 'nope' found within namespace: 'toolbox'\nSearched for: 'shop.duckdb__nope', 'shop.default__nope', 'toolbox.duckdb__nope', 'toolbox.default__nope'",
    );
  });

  test('refuses a dotted name', () => {
    expect(() => rendered(call('toolbox.x'), libraryWith(all))).toThrow(
      'got a macro name of "toolbox.x", but "." is not a valid macro name component',
    );
  });

  test('is known without running it', () => {
    const calls = dispatchCalls(
      "{{ adapter.dispatch('x', 'toolbox')() }} {{ adapter.dispatch(macro_name = 'y', macro_namespace='dbt')() }} {{ adapter.dispatch(name) }}",
    );
    expect(calls).toEqual([
      { name: 'x', namespace: 'toolbox' },
      { name: 'y', namespace: 'dbt' },
    ]);
    const found = findDispatched(libraryWith(all), 'x', 'toolbox', 'shop');
    expect(found?.macro.text).toBe(macro('default__x', 'shop default'));
    expect(findDispatched(libraryWith(all), 'nope', 'toolbox', 'shop')).toBeUndefined();
  });
});
