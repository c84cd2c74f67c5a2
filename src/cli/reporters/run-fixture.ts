import { type Manifest, type Node, nodeId } from '../../core/node.ts';
import type { Plan, PlanStep } from '../../core/plan.ts';
import type { NodeResult } from '../../core/result.ts';

/** Test data: a node of package `shop`; a test has no relation unless one is given. */
export function nodeOf(kind: string, name: string, given: Partial<Node> = {}): Node {
  const isCheck = kind === 'test' || kind === 'unit_test';
  const path = given.path ?? `models/${name}.sql`;
  return {
    id: nodeId(kind, 'shop', name),
    kind,
    name,
    packageName: 'shop',
    path,
    span: { file: path, line: 1, column: 1 },
    fqn: ['shop', name],
    description: '',
    tags: [],
    columns: [],
    config: {},
    references: [],
    relation: isCheck || kind === 'operation' ? undefined : { schema: 'main', name },
    materialized: kind,
    buildable: true,
    storesRows: !isCheck,
    updatesInPlace: false,
    volatile: false,
    fingerprint: { SQL: '', config: '' },
    place: 'main.node',
    eventTime: undefined,
    asOf: undefined,
    check: isCheck
      ? { attachedTo: undefined, severity: 'error', judgesDatesAlone: false, generic: undefined }
      : undefined,
    rawCode: '',
    detail: undefined,
    ...given,
  };
}

/** Test data: a model in schema `main` unless told otherwise. */
export const modelOf = (name: string, materialized: string, given: Partial<Node> = {}): Node =>
  nodeOf('model', name, { materialized, ...given });

/** Test data: the manifest of project `shop`. */
export const manifestOf = (nodes: readonly Node[]): Manifest => ({
  projectName: 'shop',
  nodes: new Map(nodes.map((node) => [node.id, node])),
  disabled: new Map(),
  macros: [],
  docs: [],
  groups: [],
  selectors: {},
  warnings: [],
});

/** Test data: a plan as of 2024-01-09 that builds every node. */
export const planOf = (nodes: readonly Node[], given: Partial<PlanStep> = {}): Plan => ({
  asOfEnd: Date.UTC(2024, 0, 10),
  versions: new Map(),
  toMeasure: [],
  dated: new Map(),
  leftStale: new Map(),
  measured: new Map(),
  judging: new Map(),
  steps: nodes.map((node) => stepOf(node, given)),
});

/** Test data: a step that builds `node` because it is new. */
export const stepOf = (node: Node, given: Partial<PlanStep> = {}): PlanStep => ({
  node: node.id,
  action: 'build',
  after: [],
  replace: false,
  batches: [],
  reasons: [{ code: 'new', text: 'new' }],
  checks: [],
  checksOfAll: [],
  ...given,
});

/** Test data: `node` built in 120 ms. */
export const resultOf = (node: Node, given: Partial<NodeResult> = {}): NodeResult => ({
  node: node.id,
  status: 'success',
  message: 'OK',
  failures: undefined,
  rows: undefined,
  startedAt: Date.UTC(2024, 0, 10, 12),
  durationMs: 120,
  thread: 1,
  error: undefined,
  compiledCode: undefined,
  ...given,
});
