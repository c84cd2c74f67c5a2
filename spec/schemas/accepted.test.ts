import { describe, expect, it } from 'vitest';
import type { SchemaName } from '../../scripts/schemas/json-schemas.ts';
import { editorFaults, veloFaults } from './check-file.ts';

interface Accepted {
  readonly what: string;
  readonly schema: SchemaName;
  readonly text: string;
}

/** Spellings of dbt 1.12, old and new, and velo's own keys. */
const accepted: readonly Accepted[] = [
  {
    what: 'the old name of data_tests, and tests in their three forms',
    schema: 'properties',
    text: `models:
  - name: zz
    tests: [unique, {accepted_values: {values: [1]}}, {test_name: not_null, config: {severity: warn}}]
tests:
  - name: singular
`,
  },
  {
    what: 'any version of the grammar (dbt record 202), and empty sections',
    schema: 'properties',
    text: 'version: 3\nmodels: []\nseeds:\nanchors: [{a: 1}, 2]\n',
  },
  {
    what: 'settings beside config, from before it was their place',
    schema: 'properties',
    text: `models:
  - {name: a, tags: x, meta: {b: 1}, docs: {show: false}, access: public, group: g, contract: {enforced: true}}
sources:
  - {name: s, overrides: p, freshness: null, loaded_at_field: at, tags: [x], tables: [{name: t, freshness: {filter: x}}]}
`,
  },
  {
    what: 'templates where true, false or a number belongs',
    schema: 'properties',
    text: `sources:
  - name: s
    quoting: {schema: "{{ var('quoted') }}"}
    freshness: {warn_after: {count: "{{ var('hours') }}", period: hour}}
`,
  },
  {
    what: "velo's own keys of sources",
    schema: 'properties',
    text: `sources:
  - name: s
    external_location: data/*.parquet
    tables: [{name: t, external_location: t.csv}]
`,
  },
  {
    what: 'keys of the semantic layer and of other databases',
    schema: 'properties',
    text: `models:
  - name: a
    semantic_model: {enabled: true}
    time_spine: {standard_granularity_column: d, custom_granularities: [{name: fiscal}]}
    columns: [{name: d, granularity: day, policy_tags: [x], dimension: {type: time}}]
metrics:
  - {name: m, label: M, type: ratio, type_params: {numerator: a, denominator: b}, filter: "x > 1"}
saved_queries:
  - {name: q, query_params: {metrics: [m]}, exports: [{name: e}]}
`,
  },
  {
    what: 'the old names of paths, hooks as text, an empty tree',
    schema: 'project',
    text: `name: shop
source-paths: [models]
data-paths: [data]
on-run-start: select 1
models:
query-comment:
require-dbt-version: '>=1.0'
`,
  },
  {
    what: 'every other key of dbt, and the timezone',
    schema: 'project',
    text: `name: shop
version: 1.0
config-version: 2
timezone: Europe/Berlin
query-comment: {comment: "{{ node.unique_id }}", append: true}
flags: {fail_fast: true, warn_error_options: {silence: [x]}}
dispatch: [{macro_namespace: dbt_utils, search_order: [shop, dbt_utils]}]
quoting: {database: false}
restrict-access: "{{ var('closed') }}"
dbt-cloud: {project-id: 7}
semantic-models: {shop: {+enabled: true}}
`,
  },
  {
    what: 'every form of a selection',
    schema: 'selectors',
    text: `selectors:
  - {name: text, definition: '+tag:nightly'}
  - {name: short, default: true, definition: {config.materialized: table}}
  - {name: long, definition: {method: config.meta.owner, value: ops, childrens_parents: true, exclude: [x]}}
  - name: sets
    description: nested
    definition:
      union:
        - intersection: [{tag: a}, 'path:models', {method: selector, value: long}]
        - exclude: [{method: version, value: latest}]
`,
  },
  {
    what: 'every origin of a package',
    schema: 'packages',
    text: `packages:
  - {package: dbt-labs/dbt_utils, version: ['>=1.0.0', '<2.0.0'], install-prerelease: true}
  - {package: dbt-labs/codegen, version: 0.12}
  - {git: 'https://example.org/a.git', revision: 1.0, subdirectory: b, warn-unpinned: false}
  - {local: ../toolbox}
  - {tarball: 'https://example.org/a.tar.gz', name: a}
  - {private: org/repo, provider: github, revision: main}
`,
  },
  {
    what: 'packages and projects',
    schema: 'dependencies',
    text: 'packages: [{local: x}]\nprojects: [{name: other}]\n',
  },
  {
    what: 'locked packages',
    schema: 'package-lock',
    text: `packages:
  - {name: dbt_utils, package: dbt-labs/dbt_utils, version: 1.3.0}
  - {git: 'https://example.org/a.git', name: a, revision: 01feb82f69ff6c22843c3ccc6dce57c355417a9e}
  - {local: packages/toolbox}
sha1_hash: 01feb82f69ff6c22843c3ccc6dce57c355417a9e
`,
  },
  { what: 'variables', schema: 'vars', text: 'vars: {a: 1, shop: {b: [x]}}\n' },
  {
    what: 'targets with the keys of dbt',
    schema: 'profiles',
    text: `config: {send_anonymous_usage_stats: false}
shop:
  target: "{{ env_var('TARGET', 'duck') }}"
  outputs:
    duck:
      type: duckdb
      path: shop.duckdb
      threads: "{{ env_var('THREADS') | int }}"
      extensions: [httpfs, {name: spatial, repo: community}]
      attach: [{path: other.duckdb, alias: other, read_only: true}]
      secrets: [{type: s3, provider: credential_chain}]
      memory_limit: 4GB
    pg: {type: postgres, host: h, user: u, pass: p, port: 5432, dbname: d, schema: s, sslmode: require, role: r}
`,
  },
];

describe('what dbt takes is taken by velo and by the editor', () => {
  it.each(accepted)('$schema: $what', ({ schema, text }) => {
    expect(veloFaults(schema, text)).toEqual([]);
    expect(editorFaults(schema, text)).toEqual([]);
  });
});
