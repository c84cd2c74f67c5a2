import { expect, test } from 'vitest';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { parseTemplate } from '../jinja/template.ts';
import { codeFacts } from './code-fingerprint.ts';

const SCOPE = {
  projectName: 'shop',
  vars: {},
  readEnvironment: () => undefined,
  target: undefined,
  readRun: () => '',
  warn: () => undefined,
};

function libraryOf(packages: Readonly<Record<string, string>>): MacroLibrary {
  const tables = Object.entries(packages).map(([name, text]) => {
    const { macros } = parseTemplate({ file: `${name}.sql`, text });
    return [name, new Map(macros.map((macro) => [macro.name, macro]))] as const;
  });
  return {
    packages: new Map(tables),
    rootPackage: 'shop',
    internal: new Map(),
    adapterTypes: ['duckdb'],
    dispatch: new Map(),
  };
}

/** The fingerprint of a template of the root project. */
function fingerprint(text: string, packages: Readonly<Record<string, string>>) {
  const { names } = parseTemplate({ file: 'model.sql', text });
  const context = { macros: libraryOf(packages), packageName: 'shop', scope: SCOPE };
  return codeFacts({ text, rendered: '', names }, {}, context).fingerprint;
}

const SHOP = '{% macro _inner() %}of the shop{% endmacro %}';
const TOOLS = `{% macro outer() %}{{ adapter.dispatch('outer', 'tools')() }}{% endmacro %}
{% macro default__outer() %}{{ _inner() }}{% endmacro %}
{% macro _inner() %}of the tools{% endmacro %}`;
const MODEL = '{{ tools.outer() }}';

test('a macro of a package counts with those of its own package', () => {
  const before = fingerprint(MODEL, { shop: SHOP, tools: TOOLS });
  const edited = TOOLS.replace('of the tools', 'edited');
  expect(fingerprint(MODEL, { shop: SHOP, tools: edited })).not.toEqual(before);
  expect(fingerprint(MODEL, { shop: SHOP.replace('of', 'by'), tools: TOOLS })).toEqual(before);
});

test('macros of one name in two packages both count', () => {
  const both = `${MODEL} {{ _inner() }}`;
  const before = fingerprint(both, { shop: SHOP, tools: TOOLS });
  for (const [shop, tools] of [
    [SHOP.replace('of', 'by'), TOOLS],
    [SHOP, TOOLS.replace('of the tools', 'edited')],
  ] as const) {
    expect(fingerprint(both, { shop, tools })).not.toEqual(before);
  }
});

test('of a dispatch the macro counts that it means', () => {
  const override = '{% macro default__outer() %}of the shop{% endmacro %}';
  const before = fingerprint(MODEL, { shop: override, tools: TOOLS });
  const shadowed = TOOLS.replace('{{ _inner() }}', 'edited');
  expect(fingerprint(MODEL, { shop: override, tools: shadowed })).toEqual(before);
  expect(fingerprint(MODEL, { shop: '', tools: TOOLS })).not.toEqual(before);
});
