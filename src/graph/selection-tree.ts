import type { Node, NodeId } from '../core/node.ts';
import type { Graph } from './build-graph.ts';
import { type IndirectSelection, splitTests } from './indirect-selection.ts';
import type { DueNodes } from './match-due.ts';
import type { EarlierRun } from './match-state.ts';
import { createMatcher } from './methods.ts';
import type { Criterion } from './selector-syntax.ts';

/** A selection as sets of what its criteria name. */
export type SelectionTree =
  | {
      readonly kind: 'criterion';
      readonly criterion: Criterion;
      /** Which tests come with it, where that is not what the whole selection says. */
      readonly indirectSelection?: IndirectSelection | undefined;
    }
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly SelectionTree[] }
  | {
      readonly kind: 'difference';
      readonly from: SelectionTree;
      readonly without: readonly SelectionTree[];
    };

/** What a part of a selector names, and the tests that wait for what other parts name. */
export interface Found {
  readonly nodes: ReadonlySet<NodeId>;
  readonly waiting: ReadonlySet<NodeId>;
}

export interface SelectionScope {
  readonly graph: Graph;
  readonly mode: IndirectSelection;
  readonly earlier: EarlierRun | undefined;
  readonly due: DueNodes | undefined;
  /** What a selector of selectors.yml names, for the method `selector`. @throws ConfigError 'selector-syntax' */
  named(name: string): ReadonlySet<NodeId>;
}

/** @throws ConfigError 'selector-syntax' */
export function evaluate(tree: SelectionTree, scope: SelectionScope): Found {
  switch (tree.kind) {
    case 'criterion':
      return findNodes(tree.criterion, tree.indirectSelection ?? scope.mode, scope);
    case 'union':
    case 'intersection': {
      const found = tree.parts.map((part) => evaluate(part, scope));
      const combine = tree.kind === 'union' ? union : intersection;
      return {
        nodes: combine(...found.map(({ nodes }) => nodes)),
        waiting: union(...found.map(({ waiting }) => waiting)),
      };
    }
    case 'difference': {
      const from = evaluate(tree.from, scope);
      const eager: SelectionScope = { ...scope, mode: 'eager' };
      const gone = union(...tree.without.map((part) => evaluate(part, eager).nodes));
      return { nodes: without(from.nodes, gone), waiting: without(from.waiting, gone) };
    }
  }
}

function findNodes(criterion: Criterion, mode: IndirectSelection, scope: SelectionScope): Found {
  const { graph } = scope;
  const nodes = withNeighbours(criterion, matching(criterion, scope), graph);
  // A selector has chosen its tests itself; as in dbt, those of its neighbours do not come along.
  if (criterion.method === 'selector') return { nodes, waiting: new Set() };
  return withTests(nodes, graph, mode);
}

function matching({ method, args, value }: Criterion, scope: SelectionScope): Set<NodeId> {
  if (method === 'selector') return new Set(scope.named(value));
  const { graph, earlier, due } = scope;
  const matches = createMatcher(method, { value, args, graph, earlier, due });
  return idsOf(graph, matches);
}

function withNeighbours(criterion: Criterion, ids: Set<NodeId>, graph: Graph): Set<NodeId> {
  const { childrensParents, parentsDepth, childrenDepth } = criterion;
  const descendants = graph.descendants(ids, childrensParents ? Infinity : childrenDepth);
  const parentsOf = childrensParents ? union(ids, descendants) : ids;
  const ancestors = graph.ancestors(parentsOf, childrensParents ? Infinity : parentsDepth);
  return union(ids, ancestors, descendants);
}

function withTests(ids: ReadonlySet<NodeId>, graph: Graph, mode: IndirectSelection): Found {
  const tests = [...ids].flatMap(graph.children).filter((id) => {
    const kind = graph.nodes.get(id)?.kind;
    return kind === 'test' || kind === 'unit_test';
  });
  const { included, waiting } = splitTests(tests, ids, graph, mode);
  return { nodes: union(ids, included), waiting: new Set(waiting) };
}

/** Goes through the nodes as they come: their order in the graph costs more than all else of a selection. */
export function idsOf({ nodes }: Graph, matches: (node: Node) => boolean): Set<NodeId> {
  const ids = new Set<NodeId>();
  for (const node of nodes.values()) if (matches(node)) ids.add(node.id);
  return ids;
}

export const union = (...sets: readonly Iterable<NodeId>[]): Set<NodeId> =>
  new Set(sets.flatMap((set) => [...set]));

function intersection(first?: ReadonlySet<NodeId>, ...others: readonly ReadonlySet<NodeId>[]) {
  return new Set([...(first ?? [])].filter((id) => others.every((other) => other.has(id))));
}

export const without = (from: ReadonlySet<NodeId>, gone: ReadonlySet<NodeId>): Set<NodeId> =>
  new Set([...from].filter((id) => !gone.has(id)));
