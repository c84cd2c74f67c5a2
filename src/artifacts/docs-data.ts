import type { Interval } from '../core/interval.ts';
import type { ModelVersion } from '../core/model-version.ts';
import type { Manifest, Node, NodeId } from '../core/node.ts';
import { type NodeStates, stateOf } from '../core/node-state.ts';
import type { Catalog } from './catalog.ts';
import type { ColumnLineage } from './lineage.ts';
import type { Lineage } from './manifest.ts';

/** What the page of a project shows, as the data in it. Instants are epoch milliseconds. */
export interface DocsData {
  readonly project: string;
  readonly target: string;
  readonly adapter: string;
  readonly generatedAt: number;
  /** First line of the project's readme or of what stands in its place; undefined: none. */
  readonly overview: string | undefined;
  /** End of the dates there could be, exclusive. */
  readonly asOfEnd: number;
  readonly nodes: readonly DocsNode[];
}

export interface DocsColumn {
  readonly name: string;
  readonly type: string | undefined;
  readonly description: string;
  /** Columns its values are made of: positions in the list of nodes, and names; empty where nobody looked. */
  readonly from: readonly (readonly [number, string])[];
}

export interface DocsTest {
  readonly name: string;
  readonly column: string | undefined;
  readonly severity: string;
  /** What the last run said of it, or that it passed on the rows that stand; undefined: it has not run. */
  readonly status: string | undefined;
  readonly message: string | undefined;
}

export interface DocsModel {
  readonly version: number;
  readonly stage: string;
  readonly createdAt: number;
  readonly trained: string;
  readonly judged: string | undefined;
  readonly decides: string;
  readonly metrics: ModelVersion['metrics']['model'];
  readonly baselines: ModelVersion['metrics']['baselines'];
  readonly importance: readonly { readonly feature: string; readonly gain: number }[];
}

export interface DocsNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly package: string;
  readonly path: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly materialized: string;
  readonly relation: string | undefined;
  /** Whether the database has it; undefined where nobody looked. */
  readonly type: string | undefined;
  readonly facts: readonly (readonly [string, string])[];
  readonly columns: readonly DocsColumn[];
  /** What its columns are made of cannot be told from its code. */
  readonly isUnclear?: true | undefined;
  readonly tests: readonly DocsTest[];
  readonly code: string;
  readonly compiled: string | undefined;
  /** Positions in the list of nodes. */
  readonly parents: readonly number[];
  readonly asOf:
    | {
        readonly column: string;
        readonly grain: string;
        readonly begin: number;
        readonly finished: readonly Interval[];
      }
    | undefined;
  readonly rows: number | undefined;
  readonly durationMs: number | undefined;
  readonly models: readonly DocsModel[];
}

export interface DocsInput {
  readonly manifest: Manifest;
  readonly graph: Lineage;
  readonly catalog: Catalog | undefined;
  readonly compiled: ReadonlyMap<NodeId, string>;
  readonly states: NodeStates;
  readonly versions: readonly ModelVersion[];
  /** Undefined: nobody looked. */
  readonly lineage: ColumnLineage | undefined;
  /** What the last run said of each node. */
  readonly results: ReadonlyMap<
    string,
    { readonly status: string; readonly message: string | null }
  >;
}

/** Kinds that stand beneath another node, or that nobody looks for. */
const HIDDEN: ReadonlySet<string> = new Set(['test', 'unit_test', 'operation', 'macro']);

/** The nodes as the page shows them, in the order of their names. Pure. */
export function docsNodes(input: DocsInput): DocsNode[] {
  const all = [...input.manifest.nodes.values()];
  const shown = all.filter(({ kind, check }) => !HIDDEN.has(kind) && !check).sort(byName);
  const position = new Map(shown.map(({ id }, i) => [id, i]));
  const tests = testsByNode(all, input);
  return shown.map((node) => docsNode(node, tests.get(node.id) ?? [], position, input));
}

const byName = (a: Node, b: Node): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function docsNode(
  node: Node,
  tests: readonly DocsTest[],
  position: ReadonlyMap<NodeId, number>,
  input: DocsInput,
): DocsNode {
  const { graph, catalog, compiled, states, versions, lineage } = input;
  const { relation, asOf, model } = node;
  const state = stateOf(states, node);
  const parents = graph.parents(node.id).flatMap((id) => position.get(id) ?? []);
  return {
    id: node.id,
    kind: node.kind,
    name: node.version ? `${node.name}.v${node.version.label}` : node.name,
    package: node.packageName,
    path: node.path,
    description: node.description,
    tags: node.tags,
    materialized: node.materialized,
    relation: relation && `${relation.schema}.${relation.name}`,
    type: catalog?.get(node.id)?.type,
    facts: factsOf(node),
    columns: columnsOf(node, catalog, (column) =>
      (lineage?.models.get(node.id)?.get(column) ?? []).flatMap((one): [number, string][] => {
        const at = position.get(one.node);
        return at === undefined ? [] : [[at, one.column]];
      }),
    ),
    ...(lineage?.unclear.has(node.id) && { isUnclear: true as const }),
    tests,
    code: node.rawCode,
    compiled: compiled.get(node.id),
    parents,
    asOf: asOf && {
      column: asOf.column,
      grain: asOf.grain,
      begin: asOf.begin,
      finished: state?.ranges ?? [],
    },
    rows: state?.totalRows ?? state?.rows,
    durationMs: state?.durationMs,
    models:
      model?.does === 'makes'
        ? versions
            .filter(({ name }) => name === model.name)
            .map(docsModel)
            .reverse()
        : [],
  };
}

const SHOWN_FACTS = [
  'group',
  'access',
  'unique_key',
  'incremental_strategy',
  'owner',
  'on_schema_change',
];

function factsOf({ config, extra, eventTime }: Node): DocsNode['facts'] {
  const facts = SHOWN_FACTS.flatMap((name): [string, string][] => {
    const value = config[name] ?? extra?.[name];
    if (value === undefined || value === null || value === '') return [];
    return [[name.replaceAll('_', ' '), typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  return eventTime === undefined ? facts : [...facts, ['event time', eventTime]];
}

/** As they stand in the database, then those that are only described. */
function columnsOf(
  { id, columns }: Node,
  catalog: Catalog | undefined,
  fromOf: (column: string) => DocsColumn['from'],
): DocsColumn[] {
  const described = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const standing = (catalog?.get(id)?.columns ?? []).map(({ name, type }) => {
    const about = described.get(name.toLowerCase());
    described.delete(name.toLowerCase());
    return { name, type, description: about?.description ?? '' };
  });
  const others = [...described.values()].map(({ name, dataType, description }) => ({
    name,
    type: dataType,
    description,
  }));
  return [...standing, ...others].map((column) => ({
    ...column,
    from: fromOf(column.name.toLowerCase()),
  }));
}

function testsByNode(all: readonly Node[], input: DocsInput): Map<NodeId, DocsTest[]> {
  const tests = new Map<NodeId, DocsTest[]>();
  for (const node of all) {
    if (!node.check && node.kind !== 'unit_test') continue;
    const { attachedTo } = node.check ?? {};
    const of = attachedTo === undefined ? input.graph.parents(node.id) : [attachedTo];
    for (const id of of) tests.set(id, [...(tests.get(id) ?? []), docsTest(node, input)]);
  }
  return tests;
}

function docsTest(node: Node, { results, states }: DocsInput): DocsTest {
  const column = node.check?.generic?.args['column_name'];
  const last = results.get(node.id);
  // A test that was left alone has passed on just these rows.
  const isKept = last === undefined || last.status === 'reused' || last.status === 'skipped';
  const kept = stateOf(states, node) ? 'pass' : last?.status === 'reused' ? 'pass' : undefined;
  return {
    name: node.name,
    column: typeof column === 'string' ? column : undefined,
    severity: node.check?.severity ?? 'error',
    status: isKept ? kept : last.status,
    message: (isKept ? undefined : last.message) ?? undefined,
  };
}

const MOST_FEATURES = 15;

function docsModel(version: ModelVersion): DocsModel {
  const { metrics, stage, createdAtMs, trainingFrom, trainingTo, trainingRows } = version;
  const { test } = metrics;
  return {
    version: version.version,
    stage,
    createdAt: createdAtMs,
    trained:
      trainingRows === 0 ? 'elsewhere' : `${trainingRows} rows, ${trainingFrom} – ${trainingTo}`,
    judged: test && `${test.rows} rows, ${test.from} – ${test.to}`,
    decides: metrics.decides ?? 'log_loss',
    metrics: metrics.model,
    baselines: metrics.baselines,
    importance: metrics.importance
      .slice(0, MOST_FEATURES)
      .map(({ feature, gain }) => ({ feature, gain })),
  };
}
