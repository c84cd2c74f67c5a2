import { expect, test } from 'vitest';
import { manifestInput } from './artifact-fixture.ts';
import { manifestArtifact } from './manifest.ts';

const artifact = manifestArtifact(manifestInput);
const entry = (id: string) => artifact.nodes[id];

test('a model as dbt writes it', () => {
  expect(entry('model.shop.stg_visits')).toMatchObject({
    resource_type: 'model',
    path: 'staging/stg_visits.sql',
    original_file_path: 'models/staging/stg_visits.sql',
    alias: 'visits_alias',
    database: 'shop',
    schema: 'main',
    relation_name: '"main"."visits_alias"',
    // printf "select * from {{ source('feed', 'visits') }}" | sha256sum
    checksum: {
      name: 'sha256',
      checksum: '406335230ce03a080b75c4001195b439380a2e4b956cd615f320a58f1102389d',
    },
    columns: { id: { data_type: 'integer', meta: { pii: false }, description: 'Key' } },
    meta: { team: 'core' },
    group: 'ops',
    patch_path: 'shop://models/staging/_staging.yml',
    refs: [{ name: 'days', package: 'tools', version: 2 }],
    sources: [['feed', 'visits']],
    depends_on: { macros: ['macro.shop.cents'], nodes: ['source.shop.feed.visits'] },
    compiled: true,
    compiled_code: 'select * from "feed"."visits_2024"',
    created_at: Date.UTC(2024, 0, 10, 12, 0, 5) / 1000,
  });
});

test('a generic test names its test, column and node; a singular one does not', () => {
  expect(entry('test.shop.not_null_stg_visits_id.0a1b2c3d4e')).toMatchObject({
    path: 'not_null_stg_visits_id.sql',
    original_file_path: 'models/staging/_staging.yml',
    relation_name: null,
    checksum: { name: 'none', checksum: '' },
    column_name: 'id',
    attached_node: 'model.shop.stg_visits',
    test_metadata: { name: 'not_null', kwargs: { column_name: 'id' }, namespace: null },
  });
  expect(entry('test.shop.few_visits')).not.toHaveProperty('test_metadata');
});

test('sources stand apart, under their own names', () => {
  expect(artifact.sources['source.shop.feed.visits']).toMatchObject({
    name: 'visits',
    source_name: 'feed',
    identifier: 'visits_2024',
    relation_name: '"feed"."visits_2024"',
  });
  expect(entry('source.shop.feed.visits')).toBeUndefined();
});

test('kinds that dbt lacks are models', () => {
  expect(entry('train.shop.visits_model')).toMatchObject({
    resource_type: 'model',
    language: 'typescript',
    version: 2,
    latest_version: 2,
  });
});

test('lineage, disabled nodes, groups and metadata', () => {
  expect(artifact.parent_map['model.shop.stg_visits']).toEqual(['source.shop.feed.visits']);
  expect(artifact.child_map['source.shop.feed.visits']).toEqual(['model.shop.stg_visits']);
  expect(Object.keys(artifact.disabled)).toEqual(['model.shop.old']);
  expect(artifact.group_map['ops']).toContain('model.shop.stg_visits');
  expect(artifact.macros['macro.shop.cents']?.macro_sql).toContain('macro cents');
  expect(artifact.metadata).toMatchObject({
    dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
    generated_at: '2024-01-10T12:00:05.000Z',
    project_name: 'shop',
    adapter_type: 'duckdb',
  });
});

test('an exposure names its sources before its models, and its lineage is in order', () => {
  expect(artifact.exposures['exposure.shop.board']).toMatchObject({
    resource_type: 'exposure',
    path: 'staging/_staging.yml',
    refs: [{ name: 'stg_visits', package: null, version: null }],
    sources: [['feed', 'visits']],
    depends_on: { nodes: ['source.shop.feed.visits', 'model.shop.stg_visits'] },
  });
  expect(artifact.parent_map['exposure.shop.board']).toEqual([
    'model.shop.stg_visits',
    'source.shop.feed.visits',
  ]);
});

test('sections of their own for unit tests, docs, groups and selectors', () => {
  expect(artifact.unit_tests['unit_test.shop.stg_visits.two']).toMatchObject({
    model: 'stg_visits',
    expect: { rows: [{ id: 1 }] },
  });
  expect(artifact.docs['doc.shop.visit']).toMatchObject({
    path: 'words.md',
    block_contents: 'Somebody came in.',
  });
  expect(artifact.groups['group.shop.ops']?.owner).toEqual({ email: null, name: 'Ops' });
  expect(artifact.selectors['nightly']).toEqual({
    name: 'nightly',
    definition: { method: 'tag', value: 'nightly', parents: true },
  });
});

test('a rendered node tells its file and SQL, others only that there is none', () => {
  expect(entry('model.shop.stg_visits')).toMatchObject({
    compiled: true,
    compiled_path: 'target/compiled/shop/models/staging/stg_visits.sql',
    extra_ctes_injected: true,
  });
  expect(entry('test.shop.few_visits')).toMatchObject({ compiled_path: null });
  expect(entry('test.shop.few_visits')).not.toHaveProperty('compiled');
});
