import { type Node, type NodeId, nodeId } from '../core/node.ts';
import type { NodeResult } from '../core/result.ts';
import type { ManifestInput } from './manifest.ts';
import type { RunResultsInput } from './run-results.ts';

const source = nodeId('source', 'shop', 'feed', 'visits');
const model = nodeId('model', 'shop', 'stg_visits');
const generic = nodeId('test', 'shop', 'not_null_stg_visits_id', '0a1b2c3d4e');
const singular = nodeId('test', 'shop', 'few_visits');

const plain: Node = {
  id: model,
  kind: 'model',
  name: 'stg_visits',
  packageName: 'shop',
  path: 'models/staging/stg_visits.sql',
  span: { file: 'models/staging/stg_visits.sql', line: 1, column: 1 },
  fqn: ['shop', 'staging', 'stg_visits'],
  description: 'One row a visit',
  tags: ['live'],
  columns: [
    { name: 'id', description: 'Key', dataType: 'integer', tags: [], meta: { pii: false } },
  ],
  config: {
    materialized: 'view',
    tags: ['live'],
    meta: { team: 'core' },
    group: 'ops',
    begin: null,
  },
  references: [at('source', ['feed', 'visits']), at('ref', ['tools', 'days.v2'])],
  relation: { database: 'shop', schema: 'main', name: 'visits_alias' },
  materialized: 'view',
  buildable: true,
  storesRows: false,
  updatesInPlace: false,
  volatile: false,
  fingerprint: { SQL: '', config: '', 'macro cents': '', 'macro elsewhere': '' },
  macros: ['macro.shop.cents'],
  place: 'main.node',
  eventTime: undefined,
  asOf: undefined,
  check: undefined,
  propertiesPath: 'models/staging/_staging.yml',
  rawCode: "select * from {{ source('feed', 'visits') }}",
  detail: undefined,
};

function at(kind: 'ref' | 'source', path: readonly string[]): Node['references'][number] {
  return { kind, path, span: { file: '', line: 1, column: 1 } };
}

const testConfig = {
  materialized: 'test',
  severity: 'error',
  judgesDatesAlone: false,
  fail_calc: 'count(*)',
};

const testLike: Partial<Node> = {
  kind: 'test',
  columns: [],
  config: testConfig,
  relation: undefined,
  references: [at('ref', ['stg_visits'])],
  materialized: 'test',
};

/** Test data: one node of each shape dbt lists in its own way. */
const nodes: readonly Node[] = [
  plain,
  {
    ...plain,
    id: source,
    kind: 'source',
    name: 'visits',
    path: 'models/_sources.yml',
    fqn: ['shop', 'feed', 'visits'],
    config: { enabled: true },
    references: [],
    relation: { schema: 'feed', name: 'visits_2024' },
    buildable: false,
    rawCode: '',
  },
  {
    ...plain,
    id: nodeId('seed', 'shop', 'countries'),
    kind: 'seed',
    name: 'countries',
    path: 'seeds/countries.csv',
    fqn: ['shop', 'countries'],
    config: { materialized: 'seed' },
    references: [],
    relation: { schema: 'main', name: 'countries' },
    materialized: 'seed',
    rawCode: '',
  },
  {
    ...plain,
    id: nodeId('snapshot', 'shop', 'visits_history'),
    kind: 'snapshot',
    name: 'visits_history',
    config: { materialized: 'snapshot', strategy: 'timestamp', updated_at: 'seen_at' },
    materialized: 'snapshot',
  },
  {
    ...plain,
    ...testLike,
    id: generic,
    name: 'not_null_stg_visits_id',
    path: 'models/staging/_staging.yml',
    check: {
      attachedTo: model,
      severity: 'error',
      judgesDatesAlone: false,
      generic: { name: 'not_null', args: { column_name: 'id' } },
    },
  },
  {
    ...plain,
    ...testLike,
    id: singular,
    name: 'few_visits',
    path: 'tests/few_visits.sql',
    check: { attachedTo: undefined, severity: 'error', judgesDatesAlone: false },
  },
  {
    ...plain,
    id: nodeId('train', 'shop', 'visits_model'),
    kind: 'train',
    name: 'visits_model',
    path: 'models/ml/visits_model.ts',
    materialized: 'train',
    version: { label: '2', latest: true },
    extra: { version: 2, latest_version: 2 },
  },
  {
    ...plain,
    id: nodeId('unit_test', 'shop', 'stg_visits', 'two'),
    kind: 'unit_test',
    config: { enabled: true, tags: [], meta: {}, static_analysis: null },
    extra: {
      model: 'stg_visits',
      given: [],
      expect: { rows: [{ id: 1 }], format: 'dict', fixture: null },
      overrides: null,
      versions: null,
      version: null,
      schema: 'main',
      checksum: '',
    },
  },
  {
    ...plain,
    id: nodeId('exposure', 'shop', 'board'),
    kind: 'exposure',
    name: 'board',
    path: 'models/staging/_staging.yml',
    references: [at('ref', ['stg_visits']), at('source', ['feed', 'visits'])],
    extra: {
      type: 'dashboard',
      owner: { email: 'a@example.org', name: null },
      label: null,
      maturity: null,
      url: null,
    },
  },
];

const off: Node = { ...plain, id: nodeId('model', 'shop', 'old'), name: 'old' };

const context = {
  invocationId: '5f0c6e0e-0d6c-4b8e-9f6a-1d1f1c1b1a19',
  invocationStartedAt: Date.UTC(2024, 0, 10, 12),
  generatedAt: Date.UTC(2024, 0, 10, 12, 0, 5),
  relationName: ({ schema, name }: { schema: string; name: string }) => `"${schema}"."${name}"`,
  manifest: {
    projectName: 'shop',
    nodes: new Map(nodes.map((node) => [node.id, node])),
    disabled: new Map([[off.id, off]]),
    macros: [
      {
        name: 'cents',
        packageName: 'shop',
        path: 'macros/m.sql',
        text: '{% macro cents() %}{% endmacro %}',
        description: '',
        arguments: [],
        meta: {},
        propertiesPath: undefined,
        macros: [],
      },
    ],
    docs: [
      {
        id: 'doc.shop.visit',
        name: 'visit',
        packageName: 'shop',
        path: 'models/words.md',
        text: 'Somebody came in.',
      },
    ],
    groups: [
      {
        id: 'group.shop.ops',
        name: 'ops',
        packageName: 'shop',
        path: 'models/_groups.yml',
        owner: { name: 'Ops' },
        description: null,
        config: { meta: {} },
        span: { file: 'models/_groups.yml', line: 1, column: 1 },
      },
    ],
    selectors: { nightly: { name: 'nightly', definition: '+tag:nightly' } },
    warnings: [],
  },
};

const PARENTS: Readonly<Record<NodeId, readonly NodeId[]>> = {
  [model]: [source],
  [generic]: [model],
  [nodeId('exposure', 'shop', 'board')]: [model, source],
};

/** Test data: what manifestArtifact takes. */
export const manifestInput: ManifestInput = {
  ...context,
  adapterType: 'duckdb',
  graph: {
    parents: (id: NodeId) => PARENTS[id] ?? [],
    children: (id: NodeId) => (id === source ? [model] : id === model ? [generic] : []),
  },
  compiledCode: (id) => (id === model ? 'select * from "feed"."visits_2024"' : undefined),
};

const done: NodeResult = {
  node: model,
  status: 'success',
  message: 'INSERT 3',
  failures: undefined,
  rows: 3,
  startedAt: Date.UTC(2024, 0, 10, 12, 0, 1),
  durationMs: 1500,
  thread: 2,
  error: undefined,
  compiledCode: 'select 1',
};

/** Test data: a result of every status. */
export const runResultsInput: RunResultsInput = {
  ...context,
  args: { which: 'build', select: [] },
  run: {
    elapsedMs: 2500,
    interrupted: false,
    results: [
      done,
      { ...done, node: generic, status: 'pass', message: '', failures: 0, rows: undefined },
      {
        ...done,
        node: singular,
        status: 'fail',
        message: 'Got 2 results',
        failures: 2,
        rows: undefined,
      },
      {
        ...done,
        node: singular,
        status: 'warn',
        message: 'Got 2 results',
        failures: 2,
        rows: undefined,
      },
      { ...done, status: 'error', message: 'Runtime Error', rows: undefined },
      { ...done, status: 'skipped', message: '', rows: undefined, compiledCode: undefined },
      {
        ...done,
        status: 'reused',
        message: 'up to date',
        rows: undefined,
        compiledCode: undefined,
      },
    ],
  },
};
