import type { NodeId } from '../core/node.ts';
import type { Graph } from './build-graph.ts';
import { type IndirectSelection, splitTests } from './indirect-selection.ts';
import { createMatcher } from './methods.ts';
import { type Criterion, type Intersection, parseSelector } from './selector-syntax.ts';

export interface Selectors {
  /** What `--select` was given; empty selects all nodes. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** Which tests of the selected nodes come with them; `eager` when not given. */
  readonly indirectSelection?: IndirectSelection | undefined;
}

export interface Selection {
  readonly selected: ReadonlySet<NodeId>;
  /** Parts of `select` that match no node, as written. */
  readonly unmatched: readonly string[];
}

/** What a part of a selector names, and the tests that wait for what other parts name. */
interface Found {
  readonly nodes: ReadonlySet<NodeId>;
  readonly waiting: ReadonlySet<NodeId>;
}

/**
 * The nodes a selector in dbt's grammar names. A test is excluded with any of its inputs.
 * @throws ConfigError 'selector-syntax'
 */
export function select(graph: Graph, selectors: Selectors): Selection {
  const mode = selectors.indirectSelection ?? 'eager';
  const parts = parseSelector(selectors.select).map((part) => ({
    text: part.text,
    ...evaluate(part, graph, mode),
  }));
  const named =
    selectors.select.length === 0 ? graph.nodes.keys() : union(...parts.map((part) => part.nodes));
  const excluded = union(
    ...parseSelector(selectors.exclude).map((part) => evaluate(part, graph, 'eager').nodes),
  );
  const selected = new Set([...named].filter((id) => !excluded.has(id)));
  const waiting = [...union(...parts.map((part) => part.waiting))];
  const { included } = splitTests(
    waiting.filter((id) => !excluded.has(id)),
    selected,
    graph,
    mode,
  );
  const unmatched = parts.filter((part) => part.nodes.size === 0).map((part) => part.text);
  return { selected: union(selected, included), unmatched };
}

function evaluate({ criteria }: Intersection, graph: Graph, mode: IndirectSelection): Found {
  const found = criteria.map((criterion) =>
    withTests(withNeighbours(criterion, matching(criterion, graph), graph), graph, mode),
  );
  const [first, ...others] = found.map(({ nodes }) => nodes);
  const nodes = [...(first ?? [])].filter((id) => others.every((other) => other.has(id)));
  return { nodes: new Set(nodes), waiting: union(...found.map(({ waiting }) => waiting)) };
}

function matching({ method, args, value }: Criterion, graph: Graph): Set<NodeId> {
  const matches = createMatcher(method, { value, args, projectName: graph.projectName });
  const ids = new Set<NodeId>();
  for (const node of graph.nodes.values()) if (matches(node)) ids.add(node.id);
  return ids;
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

const union = (...sets: readonly Iterable<NodeId>[]): Set<NodeId> =>
  new Set(sets.flatMap((set) => [...set]));
