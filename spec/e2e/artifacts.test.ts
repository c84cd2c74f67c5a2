import { describe, expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const FILES = {
  'seeds/people.csv': 'id,name\n1,ann\n2,bob\n',
  'models/base.sql': "{{ config(materialized='ephemeral') }}\nselect id from {{ ref('people') }}\n",
  'models/orders.sql':
    "{{ config(materialized='table', tags=['daily']) }}\nselect id, id * {{ cents(5) }} as amount from {{ ref('base') }}\n",
  'models/broken.sql': "select nope from {{ ref('orders') }}\n",
  'models/below.sql': "select * from {{ ref('broken') }}\n",
  'models/days.sql': `{{ config(
    materialized='incremental', incremental_strategy='as_of', as_of='d', begin='2024-01-01', separable='assume'
) }}
select {{ as_of.start }} as d, count(*) as n from {{ source('lake', 'runs') }}
`,
  'models/score.ts':
    "export default async () => ({ columns: { a: { type: 'INTEGER', values: [1] } } });\n",
  'models/_models.yml': `sources:
  - name: lake
    tables:
      - name: runs
        external_location: data/runs.csv
models:
  - name: orders
    description: All orders.
    columns:
      - name: id
        description: Who ordered.
        data_tests:
          - not_null
          - relationships:
              arguments: {to: ref('people'), field: id}
      - name: amount
        data_tests:
          - accepted_values:
              arguments: {values: [7]}
              config: {severity: warn}
`,
  'data/runs.csv': 'run\n1\n',
  'macros/money.sql': '{% macro cents(x) %}{{ x }} / 100{% endmacro %}\n',
  'tests/no_debts.sql': "select * from {{ ref('orders') }} where amount < 0\n",
};

interface RunResults {
  readonly args: Readonly<Record<string, unknown>>;
  readonly results: readonly {
    readonly unique_id: string;
    readonly status: string;
    readonly message: string | null;
    readonly failures: number | null;
  }[];
}

describe('the artifacts of a build with every kind of node and outcome', () => {
  it('say what became of each node', async () => {
    const project = makeProject(FILES);
    const { exitCode } = await project.velo(['build', '--no-check', '--as-of', '2024-01-02']);
    expect(exitCode).toBe(1);
    const { args, results } = project.readJson('target/run_results.json') as unknown as RunResults;
    expect(args).toMatchObject({
      which: 'build',
      as_of: '2024-01-02',
      invocation_command: 'velo build --no-check --as-of 2024-01-02',
    });
    const rows = results.map(({ unique_id, status, failures }) => [
      unique_id.replace(/\.[0-9a-f]{10}$/, ''),
      status,
      failures,
    ]);
    expect(rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
      ['model.shop.below', 'skipped', null],
      ['model.shop.broken', 'error', null],
      ['model.shop.days', 'success', null],
      ['model.shop.orders', 'success', null],
      ['model.shop.score', 'success', null],
      ['seed.shop.people', 'success', null],
      ['test.shop.accepted_values_orders_amount__7', 'warn', 2],
      ['test.shop.no_debts', 'pass', 0],
      ['test.shop.not_null_orders_id', 'pass', 0],
      ['test.shop.relationships_orders_id__id__ref_people_', 'pass', 0],
    ]);
    const broken = results.find(({ unique_id }) => unique_id === 'model.shop.broken');
    expect(broken?.message).toContain('Referenced column "nope" not found');
  });

  it('name nodes, parents and children in the manifest', async () => {
    const project = makeProject(FILES);
    await project.velo(['build', '-s', 'orders', '--as-of', '2024-01-02']);
    const manifest = project.readJson('target/manifest.json') as {
      nodes: Record<string, { raw_code?: string; tags: string[]; description: string }>;
      sources: object;
      macros: object;
      parent_map: Record<string, string[]>;
      child_map: Record<string, string[]>;
    };
    expect(manifest.nodes['model.shop.orders']).toMatchObject({
      tags: ['daily'],
      description: 'All orders.',
    });
    expect(Object.keys(manifest.sources)).toEqual(['source.shop.lake.runs']);
    expect(Object.keys(manifest.macros)).toEqual(['macro.shop.cents']);
    expect(manifest.parent_map['model.shop.orders']).toEqual(['model.shop.base']);
    expect(manifest.child_map['model.shop.broken']).toEqual(['model.shop.below']);
  });

  it('are written when nothing could run', async () => {
    const project = makeProject({ ...FILES, 'target/shop.duckdb': 'hello '.repeat(5000) });
    expect((await project.velo(['build'])).exitCode).toBe(2);
    expect(project.exists('target/manifest.json')).toBe(true);
    const { results } = project.readJson('target/run_results.json') as unknown as RunResults;
    expect(results).toEqual([]);
  });
});
