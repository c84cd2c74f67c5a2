import { describe, expect, test } from 'vitest';
import { duckdbDialect } from '../../../src/adapters/duckdb/dialect.ts';
import { layeredContext } from '../../../src/jinja/context.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { baseNames, type ContextScope } from '../../../src/jinja/contexts/base-context.ts';
import { compileNames } from '../../../src/jinja/contexts/compile-context.ts';
import type { DatabaseRequest } from '../../../src/jinja/contexts/replay.ts';
import { runNames } from '../../../src/jinja/contexts/run-names.ts';

const scope: ContextScope = {
  projectName: 'shop',
  vars: { min: 3 },
  readEnvironment: () => undefined,
  target: {
    name: 'dev',
    profileName: 'shop',
    type: 'duckdb',
    schema: 'main',
    database: 'shop',
    threads: 1,
    settings: { path: 'shop.duckdb' },
  },
  readRun: () => '2024-01-10T12:00:00.000Z',
  warn: () => undefined,
};

/** Renders in the run phase; every question is answered with no rows. */
function answer(text: string, sent: DatabaseRequest[] = []): string {
  const replay = {
    ask(request: DatabaseRequest) {
      sent.push(request);
      return { message: 'OK', rowsAffected: undefined, table: { columns: [], rows: [] } };
    },
    once: (effect: () => void) => effect(),
    remember: <T>(make: () => T) => make(),
  };
  const voice = { log: () => undefined, print: () => undefined, warn: () => undefined };
  const layers = [
    compileNames({
      config: { alias: 'x', meta: { owner: 'me' }, persist_docs: { relation: true } },
      this: {
        relation: { database: 'shop', schema: 'main', name: 'a' },
        text: '"shop"."main"."a"',
      },
      isIncremental: false,
      asOf: undefined,
      resolve: ({ path }) => ({
        relation: { schema: 'main', name: path.join('.') },
        text: `<${path.join('.')}>`,
      }),
      model: () => ({ name: 'a' }),
      graph: () => new Map(),
      selected: () => [],
    }),
    runNames({ dialect: duckdbDialect, replay, voice, strategies: ['append'], now: () => 0 }),
    baseNames(scope),
  ];
  return render(parseTemplate({ file: 'a.sql', text }), layeredContext(layers)).text;
}

// Texts of relations, json, yaml and md5 are those of dbt's record 092; the rest is Python's.
describe('names of the run phase', () => {
  test.each([
    [
      "{{ api.Relation.create(database='shop', schema='main', identifier='zz', type='view').include(database=false) }}",
      '"main"."zz"',
    ],
    [
      "{{ api.Relation.create(database='shop', schema='main', identifier='zz').quote(identifier=false) }}",
      '"shop"."main".zz',
    ],
    [
      "{{ this.incorporate(type='table').is_table }} {{ this.identifier }} {{ this.without_identifier() }}",
      'True a "shop"."main"',
    ],
    [
      "{{ this.replace_path(identifier='b').path.identifier }} {{ this == this.include() }}",
      'b True',
    ],
    [
      "{{ ref('runs', v=2) }} {{ ref('pkg', 'runs', version='1') }} {{ source('hk', 'runs') }}",
      '<runs.v2> <pkg.runs.v1> <hk.runs>',
    ],
    [
      "{{ config.get('alias') }} {{ config.get('nope', 1) }} {{ config.meta_get('owner') }} {{ config.persist_relation_docs() }}",
      'x 1 me True',
    ],
    ["{{ tojson({'b': 1, 'a': [1, none]}, sort_keys=true) }}", '{"a": [1, null], "b": 1}'],
    [
      "{{ fromjson('[1.0, 1, 12345678901234567890]') }} {{ fromjson('[', 'bad') }}",
      '[1.0, 1, 12345678901234567890] bad',
    ],
    ["{{ local_md5('abc') }}", '900150983cd24fb0d6963f7d28e17f72'],
    ['{{ set([1, 1]) | list }} {{ zip([1], [2]) | list }}', '[1] [(1, 2)]'],
    [
      '{{ run_started_at.strftime("%Y-%m-%d") }} {{ run_started_at }}',
      '2024-01-10 2024-01-10 12:00:00+00:00',
    ],
    ["{{ var('min') }} {{ var.has_var('min') }} {{ var.has_var('max') }}", '3 True False'],
    ['{{ target.schema }} {{ target.get("path") }} {{ target.type }}', 'main shop.duckdb duckdb'],
    [
      "{{ api.Column('a', 'numeric', none, 10, 2).data_type }} {{ api.Column('a', 'varchar', 5).string_size() }}",
      'numeric(10,2) 5',
    ],
    [
      "{{ adapter.type() }} {{ adapter.quote('a\"b') }} {{ adapter.get_relation('shop', 'main', 'x') }}",
      'duckdb "a""b" None',
    ],
    ["{{ diff_of_two_dicts({'a': ['x', 'y']}, {'A': ['X']}) }}", "{'a': ['y']}"],
  ])('%s', (text, expected) => {
    expect(answer(text)).toBe(expected);
  });

  test('adapter methods become statements', () => {
    const sent: DatabaseRequest[] = [];
    answer(
      "{% do adapter.drop_relation(this.incorporate(type='view')) %}{% do adapter.create_schema(this) %}",
      sent,
    );
    expect(sent.map((one) => one.kind === 'query' && one.sql)).toEqual([
      'drop view if exists "shop"."main"."a" cascade',
      'create schema if not exists "shop"."main"',
    ]);
  });
});

const OBJECTS = [
  ...['adapter', 'api', 'api.Relation', 'api.Column', 'this', 'config', 'target', 'flags', 'var'],
  ...[
    'modules',
    'modules.re',
    'modules.datetime',
    'modules.datetime.datetime',
    'modules.itertools',
  ],
  ...[
    'exceptions',
    'builtins',
    'graph',
    'model',
    'validation',
    "modules.re.compile('a')",
    'ref',
    'log',
  ],
  ...[
    'modules.datetime.date(2024, 1, 1)',
    'modules.pytz.utc',
    'run_started_at',
    'env_var',
    'fromjson',
  ],
];
const PATHS = [
  'constructor',
  '__proto__',
  'prototype',
  'call',
  'apply',
  'bind',
  '__class__',
  'toString',
  'getAttribute',
  'jinjaType',
];

describe('no object leads out of the template', () => {
  test.each(OBJECTS)('%s', (object) => {
    const text = PATHS.map(
      (path) => `{{ (${object}).${path} is defined }}{{ (${object})['${path}'] is defined }}`,
    );
    expect(answer(text.join(''))).toBe('False'.repeat(PATHS.length * 2));
  });
});
