import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import type { ResultTable } from '../../src/core/result-table.ts';
import type { Context } from '../../src/jinja/context.ts';
import { baseNames, type ContextScope } from '../../src/jinja/contexts/base-context.ts';
import { compileNames } from '../../src/jinja/contexts/compile-context.ts';
import type { MacroLibrary, MacroTable } from '../../src/jinja/contexts/macro-library.ts';
import { nodeContext } from '../../src/jinja/contexts/node-context.ts';
import { type Captured, parseNames } from '../../src/jinja/contexts/parse-context.ts';
import type { Replay } from '../../src/jinja/contexts/replay.ts';
import { runNames } from '../../src/jinja/contexts/run-names.ts';
import { parseTemplate } from '../../src/jinja/template.ts';
import { toValue } from '../../src/jinja/value.ts';

/** A value no template may come to see, with settings whose names mean something to JavaScript. */
const ODD_SETTINGS: Readonly<Record<string, unknown>> = JSON.parse(
  '{"min": 3, "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
);

const scope: ContextScope = {
  projectName: 'shop',
  vars: ODD_SETTINGS,
  readEnvironment: () => undefined,
  target: {
    name: 'dev',
    profileName: 'shop',
    type: 'duckdb',
    schema: 'main',
    database: 'shop',
    threads: 1,
    settings: ODD_SETTINGS,
  },
  readRun: (key) => (key === 'startedAt' ? '2024-01-10T12:00:00.000Z' : 'an-id'),
  readFlags: () => ({ which: 'run', flags: ODD_SETTINGS, args: ODD_SETTINGS }),
  warn: () => undefined,
  readDoc: () => 'a text',
};

/** One column of each kind. */
const TABLE: ResultTable = {
  columns: (
    ['integer', 'decimal', 'float', 'boolean', 'date', 'timestamp', 'time', 'text', 'json'] as const
  ).map((kind) => ({ name: `${kind}_column`, kind, type: kind })),
  rows: [
    ['1', '1.50', 1.5, true, '2024-01-10', '2024-01-10 12:00:00', '12:00:00', 'x', { a: [1] }],
    [null, null, null, null, null, null, null, null, null],
  ],
};

const replay: Replay = {
  ask: () => ({ message: 'OK', rowsAffected: 1, table: TABLE }),
  once: (effect) => effect(),
  remember: (make) => make(),
};

const macros = (text: string): MacroTable =>
  new Map(parseTemplate({ file: 'm.sql', text }).macros.map((macro) => [macro.name, macro]));

const library: MacroLibrary = {
  packages: new Map([
    ['shop', macros('{% macro own(a=1) %}{{ a }}{% endmacro %}')],
    [
      'toolbox',
      macros('{% macro gives() %}{{ return([namespace(a=1), (1,), {}]) }}{% endmacro %}'),
    ],
  ]),
  rootPackage: 'shop',
  internal: new Map([['dbt', macros('{% macro general() %}{{ varargs }}{% endmacro %}')]]),
  adapterTypes: ['duckdb'],
  dispatch: new Map(),
};

const compiled = compileNames({
  config: ODD_SETTINGS,
  this: { relation: { database: 'shop', schema: 'main', name: 'a' }, text: '"shop"."main"."a"' },
  isIncremental: true,
  asOf: { start: "'2024-01-01'", end: "'2024-02-01'" },
  resolve: ({ path }) => ({
    relation: { schema: 'main', name: path.join('.') },
    text: `<${path.join('.')}>`,
  }),
  model: () => ({ name: 'a', config: ODD_SETTINGS }),
  graph: () => toValue({ nodes: { 'model.shop.a': ODD_SETTINGS } }),
  selected: () => ['model.shop.a'],
});

const voice = { log: () => undefined, print: () => undefined, warn: () => undefined };

/** The contexts velo renders with, made by the same functions, and answered without a database. */
export function phaseContexts(): Readonly<Record<'parse' | 'compile' | 'run', Context>> {
  const captured: Captured = { configs: [], references: [] };
  const base = baseNames(scope);
  const running = runNames({ dialect: duckdbDialect, replay, voice, strategies: [], now: () => 0 });
  return {
    parse: nodeContext([parseNames(captured), base], library, 'shop'),
    compile: nodeContext([compiled, base], library, 'shop'),
    run: nodeContext([compiled, running, base], library, 'shop'),
  };
}
