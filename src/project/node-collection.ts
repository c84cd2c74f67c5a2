import { ProjectError, type VeloError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { TestEntry } from '../nodes/generic-test.ts';

/** Nodes as they are found. */
export interface NodeCollection {
  readonly nodes: Map<NodeId, Node>;
  readonly disabled: Map<NodeId, Node>;
  /** Enabled nodes by what ref() or source() calls them. */
  readonly byName: Map<string, Node>;
  /** Tests YAML lists under enabled nodes; they become nodes when all others are known. */
  readonly tests: { readonly tested: Node; readonly entries: readonly TestEntry[] }[];
}

/** Adds a node with the tests written under it; a second one of its name is an error. */
export function addNode(
  { node, enabled }: { readonly node: Node; readonly enabled: boolean },
  tests: readonly TestEntry[],
  collection: NodeCollection,
  errors: VeloError[],
): void {
  if (!enabled) {
    collection.disabled.set(node.id, node);
    return;
  }
  const twin = twinOf(node, collection);
  if (twin) {
    errors.push(duplicate(node, twin));
    return;
  }
  collection.nodes.set(node.id, node);
  if (node.check === undefined) collection.byName.set(refName(node), node);
  if (tests.length > 0) collection.tests.push({ tested: node, entries: tests });
}

const twinOf = (node: Node, { nodes, byName }: NodeCollection): Node | undefined =>
  node.check ? nodes.get(node.id) : byName.get(refName(node));

const refName = (node: Node): string =>
  node.kind === 'source' ? `source:${node.fqn.slice(-2).join('.')}` : `ref:${node.name}`;

function duplicate(node: Node, twin: Node): ProjectError {
  const what = `a ${twin.kind}`;
  const line = twin.span.line > 1 ? `:${twin.span.line}` : '';
  return new ProjectError('duplicate-name', `there is ${what} named '${node.name}' already`, {
    span: node.span,
    hint: `the other one is ${twin.span.file}${line}`,
  });
}
