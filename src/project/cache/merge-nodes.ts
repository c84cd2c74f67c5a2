import type { Manifest, Node, NodeId } from '../../core/node.ts';
import { namesOf } from '../../graph/resolve-references.ts';
import type { NodeColumns } from './node-columns.ts';
import type { NodeTable } from './node-table.ts';
import type { TableRow } from './table-rows.ts';

/** Nodes of the cache and those that were read anew, as rows; the parents of new ones are still to be found. */
export interface MergedRows {
  readonly nodes: readonly TableRow[];
  readonly disabled: readonly TableRow[];
  /** Rows of new nodes: their references are resolved again. */
  readonly renewed: ReadonlyMap<number, Node>;
}

export interface MergeInput {
  readonly nodes: NodeTable;
  readonly disabled: NodeTable;
  /** What was read of the files that changed. */
  readonly parsed: Pick<Manifest, 'nodes' | 'disabled'>;
  /** Whether a file was read anew, by the package and the path of a node of it. */
  wasRead(packageName: string, path: string): boolean;
  /** A node that is there for this run alone. */
  readonly added: NodeId | undefined;
}

/**
 * Puts new nodes in the place of the old ones of the same files. Undefined when a node came, went or is found by other
 * names than before: then more must be looked at than the files that changed.
 */
export function mergeNodes(input: MergeInput): MergedRows | undefined {
  const { parsed, added } = input;
  const extra = added === undefined ? undefined : parsed.nodes.get(added);
  const own = splitTests(parsed.nodes.values());
  const ownOff = splitTests(parsed.disabled.values());
  const plain = replaceRows(
    input.nodes,
    own.plain.filter((node) => node !== extra),
    input,
  );
  const plainOff = replaceRows(input.disabled, ownOff.plain, input);
  if (!plain || !plainOff) return undefined;
  if (extra) plain.push({ node: extra, testOf: -1, parents: [] });
  const nodes = [...plain, ...testRows(plain, input.nodes.columns, own.tests)];
  const disabled = [...plainOff, ...testRows(plain, input.disabled.columns, ownOff.tests)];
  const renewed = new Map<number, Node>();
  for (const [row, one] of nodes.entries()) if ('node' in one) renewed.set(row, one.node);
  return { nodes, disabled, renewed };
}

interface Split {
  readonly plain: readonly Node[];
  /** Generic tests by the node they are listed under. */
  readonly tests: ReadonlyMap<NodeId, readonly Node[]>;
}

function splitTests(nodes: Iterable<Node>): Split {
  const plain: Node[] = [];
  const tests = new Map<NodeId, Node[]>();
  for (const node of nodes) {
    const tested = node.check?.generic && node.check.attachedTo;
    if (!tested) plain.push(node);
    else tests.set(tested, [...(tests.get(tested) ?? []), node]);
  }
  return { plain, tests };
}

/** The rows before the tests. Nodes are the same as before, in the same order: only what they say may differ. */
function replaceRows(
  { columns, rowOf, nodeAt }: NodeTable,
  fresh: readonly Node[],
  { wasRead }: MergeInput,
): TableRow[] | undefined {
  const byRow = new Map<number, Node>();
  for (const node of fresh) {
    const row = rowOf(node.id);
    if (row === undefined || byRow.has(row)) return undefined;
    if (signature(nodeAt(row)) !== signature(node)) return undefined;
    byRow.set(row, node);
  }
  const rows: TableRow[] = [];
  for (let row = 0; row < columns.id.length && columns.testOf[row] === -1; row += 1) {
    const node = byRow.get(row);
    const packageName = columns.texts[columns.packageName[row] as number] as string;
    const path = columns.texts[columns.path[row] as number] as string;
    if (!node && wasRead(packageName, path)) return undefined;
    const parents = columns.parents[row] ?? [];
    rows.push(node ? { node, testOf: -1, parents } : { from: columns, row, testOf: -1, parents });
  }
  return rows;
}

/** What decides which references find a node, who may use it, and what it would overwrite. */
const signature = (node: Node): string =>
  JSON.stringify([
    node.id,
    node.kind,
    node.name,
    node.fqn,
    node.relation,
    node.materialized === 'ephemeral',
    node.version,
    node.config['access'],
    node.config['group'],
    namesOf(node),
  ]);

/** Generic tests, in the order of the nodes they are listed under. */
function testRows(
  plain: readonly TableRow[],
  columns: NodeColumns,
  fresh: ReadonlyMap<NodeId, readonly Node[]>,
): TableRow[] {
  const rows: TableRow[] = [];
  let old = columns.testOf.findIndex((tested) => tested >= 0);
  if (old < 0) old = columns.id.length;
  for (const [testOf, tested] of plain.entries()) {
    const isNew = 'node' in tested;
    for (; columns.testOf[old] === testOf; old += 1) {
      const parents = columns.parents[old] ?? [];
      if (!isNew) rows.push({ from: columns, row: old, testOf, parents });
    }
    if (!isNew) continue;
    for (const node of fresh.get(tested.node.id) ?? []) rows.push({ node, testOf, parents: [] });
  }
  return rows;
}
