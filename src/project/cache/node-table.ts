import type { Node, NodeId } from '../../core/node.ts';
import type { NodeName } from '../../graph/resolve-references.ts';
import type { NodeColumns } from './node-columns.ts';

/** Nodes of a cache: a row is made when it is asked for, and its details are read when one of them is. */
export interface NodeTable {
  readonly columns: NodeColumns;
  readonly nodes: ReadonlyMap<NodeId, Node>;
  /** Row of an id; undefined when there is none. */
  rowOf(id: NodeId): number | undefined;
  nodeAt(row: number): Node;
  namesOf(node: Node): readonly NodeName[];
}

/** Reads what is kept at a place: `segment`, first byte and length. */
export type ReadDetail = (segment: number, offset: number, length: number) => unknown;

/** What a row's node is made with. */
interface Source {
  readonly columns: NodeColumns;
  readonly readDetail: ReadDetail;
}

/** Fields that the columns have; all others are in the detail. */
const QUICK = {
  id: ({ id }, row) => id[row] as NodeId | undefined,
  kind: ({ texts, kind }, row) => texts[kind[row] as number],
  name: ({ name, last }, row) => name[row] || last[row],
  packageName: ({ texts, packageName }, row) => texts[packageName[row] as number],
  path: ({ texts, path }, row) => texts[path[row] as number],
  propertiesPath: ({ texts, propertiesPath }, row) => texts[propertiesPath[row] as number],
  fqn: ({ folders, folder, last }, row) => [
    ...(folders[folder[row] as number] ?? []),
    last[row] as string,
  ],
  tags: ({ tagLists, tags }, row) => tagLists[tags[row] as number],
  materialized: ({ texts, materialized }, row) => texts[materialized[row] as number],
  version: ({ version }, row) => version[row] || undefined,
} satisfies {
  readonly [K in keyof Node]?: (columns: NodeColumns, row: number) => Node[K] | undefined;
};

const DETAILS = [
  'span',
  'description',
  'columns',
  'config',
  'references',
  'relation',
  'place',
  'buildable',
  'storesRows',
  'updatesInPlace',
  'volatile',
  'fingerprint',
  'eventTime',
  'asOf',
  'datedBy',
  'microbatch',
  'check',
  'model',
  'alias',
  'unrenderedConfig',
  'docBlocks',
  'answersTo',
  'macros',
  'extra',
  'rawCode',
  'detail',
] as const satisfies readonly Exclude<keyof Node, keyof typeof QUICK>[];

interface View {
  readonly source: Source;
  readonly row: number;
  whole: Node | undefined;
}

/** The getters of all rows. They are enumerable, but a spread takes only what is an object's own. */
const PROTOTYPE = Object.defineProperties(
  {},
  Object.fromEntries([
    ...Object.entries(QUICK).map(([field, read]) => [
      field,
      {
        enumerable: true,
        get(this: View) {
          return read(this.source.columns, this.row);
        },
      },
    ]),
    ...DETAILS.map((field) => [
      field,
      {
        enumerable: true,
        get(this: View) {
          return wholeNode(this)[field];
        },
      },
    ]),
  ]) as PropertyDescriptorMap,
) as object;

function wholeNode(view: View): Node {
  const { source, row } = view;
  const { segment, offset, length } = source.columns;
  view.whole ??= source.readDetail(
    segment[row] as number,
    offset[row] as number,
    length[row] as number,
  ) as Node;
  return view.whole;
}

function viewOf(source: Source, row: number): Node {
  const view = Object.create(PROTOTYPE) as View & { source: Source; row: number };
  view.source = source;
  view.row = row;
  view.whole = undefined;
  return view as unknown as Node;
}

/**
 * @param known nodes that are in memory, by row
 * @param sameRows finds rows by id, where that is known already
 */
export function nodeTable(
  columns: NodeColumns,
  readDetail: ReadDetail,
  known: ReadonlyMap<number, Node> = new Map(),
  sameRows?: NodeTable['rowOf'],
): NodeTable {
  const source = { columns, readDetail };
  const made: Node[] = [];
  const knownRows = new Map(Array.from(known, ([row, { id }]) => [id, row]));
  let rows: Map<string, number> | undefined;
  const findRow = (id: NodeId) => {
    rows ??= new Map(columns.id.map((one, row) => [one, row]));
    return rows.get(id);
  };
  const rowOf = (id: NodeId) => knownRows.get(id) ?? (sameRows ?? findRow)(id);
  const nodeAt = (row: number): Node => (made[row] ??= known.get(row) ?? viewOf(source, row));
  return { columns, nodes: lazyMap(columns, rowOf, nodeAt), rowOf, nodeAt, namesOf };

  function namesOf(node: Node): readonly NodeName[] {
    const names = columns.names[rowOf(node.id) ?? -1] ?? 0;
    if (names === 0) return [];
    return names === 1 ? [{ kind: 'ref', name: node.name }] : names;
  }
}

/** A map of all rows that makes none before it must, and reads ids only for those who ask for them. */
function lazyMap(
  columns: NodeColumns,
  rowOf: (id: NodeId) => number | undefined,
  nodeAt: (row: number) => Node,
): ReadonlyMap<NodeId, Node> {
  const size = columns.kind.length;
  const map: ReadonlyMap<NodeId, Node> = {
    size,
    has: (id) => rowOf(id) !== undefined,
    get(id) {
      const row = rowOf(id);
      return row === undefined ? undefined : nodeAt(row);
    },
    keys: () => (columns.id as readonly NodeId[])[Symbol.iterator]() as MapIterator<NodeId>,
    values: () => valuesOf() as MapIterator<Node>,
    entries: () => entriesOf() as MapIterator<[NodeId, Node]>,
    forEach(visit) {
      for (const [id, node] of entriesOf()) visit(node, id, map as Map<NodeId, Node>);
    },
    [Symbol.iterator]: () => entriesOf() as MapIterator<[NodeId, Node]>,
  };
  return map;

  function* valuesOf() {
    for (let row = 0; row < size; row += 1) yield nodeAt(row);
  }
  function* entriesOf(): Generator<[NodeId, Node]> {
    for (let row = 0; row < size; row += 1) yield [columns.id[row] as NodeId, nodeAt(row)];
  }
}
