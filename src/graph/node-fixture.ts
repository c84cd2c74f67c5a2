import { type Manifest, type Node, type NodeId, nodeId, type Reference } from '../core/node.ts';

/** Test data: a table model of package `shop` that reads the given refs, each on a line of its own. */
export function modelNode(
  name: string,
  refs: readonly string[] = [],
  given: Partial<Node> = {},
): Node {
  const path = given.path ?? `models/${name}.sql`;
  const packageName = given.packageName ?? 'shop';
  return {
    id: nodeId('model', packageName, name),
    kind: 'model',
    name,
    packageName,
    path,
    span: { file: path, line: 1, column: 1 },
    fqn: [packageName, name],
    description: '',
    tags: [],
    columns: [],
    config: {},
    references: refs.map((ref, i) => refTo(ref, path, i + 1)),
    relation: { schema: 'main', name },
    materialized: 'table',
    buildable: true,
    storesRows: true,
    updatesInPlace: false,
    volatile: false,
    fingerprint: { SQL: '', config: '' },
    place: 'main.node',
    eventTime: undefined,
    asOf: undefined,
    check: undefined,
    rawCode: '',
    detail: undefined,
    ...given,
  };
}

/** Test data: a test over the given refs; `attachedTo` as a generic test has it, undefined for a singular one. */
export function testNode(name: string, refs: readonly string[], attachedTo?: NodeId): Node {
  const generic = attachedTo && { name: 'unique', args: {} };
  return modelNode(name, refs, {
    id: nodeId('test', 'shop', name),
    kind: 'test',
    relation: undefined,
    materialized: 'test',
    check: { attachedTo, severity: 'error', judgesDatesAlone: false, generic },
  });
}

/** Test data: a source table. */
export function sourceNode(source: string, table: string, given: Partial<Node> = {}): Node {
  return modelNode(table, [], {
    id: nodeId('source', 'shop', source, table),
    kind: 'source',
    name: `${source}.${table}`,
    path: 'models/_sources.yml',
    fqn: ['shop', source, table],
    relation: { schema: source, name: table },
    materialized: 'source',
    buildable: false,
    ...given,
  });
}

/** Test data: `'runs'`, `'package.runs'`, or `'source:hk.runs'`. */
export function refTo(text: string, file = 'models/x.sql', line = 1): Reference {
  const [kind, path] = text.startsWith('source:') ? ['source', text.slice(7)] : ['ref', text];
  const span = { file, line, column: 5 };
  return { kind: kind as Reference['kind'], path: path?.split('.') ?? [], span };
}

/** Test data: the manifest of project `shop`. */
export function manifestOf(nodes: readonly Node[], disabled: readonly Node[] = []): Manifest {
  const byId = (list: readonly Node[]) => new Map(list.map((node) => [node.id, node]));
  return {
    projectName: 'shop',
    nodes: byId(nodes),
    disabled: byId(disabled),
    macros: [],
    docs: [],
    groups: [],
    selectors: {},
    warnings: [],
  };
}
