import type { Manifest, Node, NodeId } from '../../core/node.ts';
import { namesOf } from '../../graph/resolve-references.ts';
import type { NodeColumns } from './node-columns.ts';
import type { NodeTable } from './node-table.ts';
import type { NewRow, TablePart } from './table-parts.ts';

/** Nodes of the cache with those that were read anew in their place; the parents of new ones are still to be found. */
export interface MergedNodes {
  readonly nodes: readonly TablePart[];
  readonly disabled: readonly TablePart[];
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
export function mergeNodes(input: MergeInput): MergedNodes | undefined {
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
  const renewed = plain.filter((part) => 'node' in part);
  const tests = testParts(renewed, input.nodes.columns, own.tests);
  const testsOff = testParts(renewed, input.disabled.columns, ownOff.tests);
  const inline = extra ? [{ node: extra, testOf: -1, parents: [], before: -1 }] : [];
  return { nodes: [...plain, ...inline, ...tests], disabled: [...plainOff, ...testsOff] };
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
  { columns, nodeAt }: NodeTable,
  fresh: readonly Node[],
  { wasRead }: MergeInput,
): TablePart[] | undefined {
  const { id, testOf } = columns;
  const byId = new Map(fresh.map((node) => [node.id as string, node]));
  const text = (at: number | undefined) => columns.texts[at ?? -1] ?? '';
  const isGone = (row: number) => wasRead(text(columns.packageName[row]), text(columns.path[row]));
  const parts: TablePart[] = [];
  let replaced = 0;
  let from = 0;
  let row = 0;
  for (; row < id.length && testOf[row] === -1; row += 1) {
    const node = byId.get(id[row] as string);
    if (node) {
      if (signature(nodeAt(row)) !== signature(node)) return undefined;
      if (row > from) parts.push({ from, to: row });
      parts.push({ node, testOf: -1, parents: [], before: row });
      from = row + 1;
      replaced += 1;
    } else if (isGone(row)) return undefined;
  }
  if (row > from) parts.push({ from, to: row });
  return replaced === fresh.length ? parts : undefined;
}

/** Its file, and what decides which references find a node, who may use it, and what it would overwrite. */
const signature = (node: Node): string =>
  JSON.stringify([
    node.id,
    node.kind,
    node.name,
    node.path,
    node.fqn,
    node.relation,
    node.materialized === 'ephemeral',
    node.version,
    node.config['access'],
    node.config['group'],
    namesOf(node),
  ]);

/** Generic tests, in the order of the nodes they are listed under: those of new nodes in the place of the old ones. */
function testParts(
  renewed: readonly NewRow[],
  columns: NodeColumns,
  fresh: ReadonlyMap<NodeId, readonly Node[]>,
): TablePart[] {
  const { id, testOf } = columns;
  const first = testOf.findIndex((tested) => tested >= 0);
  const start = first < 0 ? id.length : first;
  const parts: TablePart[] = [];
  let from = start;
  let at = start;
  for (const { node, before } of renewed) {
    while (at < id.length && (testOf[at] as number) < before) at += 1;
    if (at > from) parts.push({ from, to: at });
    const old = new Map<string, number>();
    for (; testOf[at] === before; at += 1) old.set(id[at] as string, at);
    from = at;
    for (const test of fresh.get(node.id) ?? []) {
      parts.push({ node: test, testOf: before, parents: [], before: old.get(test.id) ?? -1 });
    }
  }
  if (id.length > from) parts.push({ from, to: id.length });
  return parts;
}
