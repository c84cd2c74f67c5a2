import { collect, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import type { Manifest, Node, NodeId, Reference } from '../core/node.ts';
import { createGates } from './gate-of.ts';
import { type Edges, orderNodes } from './order-nodes.ts';
import { reach, rememberReach } from './reach.ts';
import { createResolver, type Resolve, referenceText } from './resolve-references.ts';

/** The nodes of a project and what they depend on. Asking for an id that is not in `nodes` gives nothing. */
export interface Graph {
  /** The root project, which `package:this` means. */
  readonly projectName: string;
  readonly nodes: ReadonlyMap<NodeId, Node>;
  /** Parents first; deterministic: by depth, then by id. */
  readonly order: readonly Node[];
  /** Direct inputs, each once, in the order of the references. */
  parents(id: NodeId): readonly NodeId[];
  children(id: NodeId): readonly NodeId[];
  /** All ancestors, without the node. */
  upstream(id: NodeId): ReadonlySet<NodeId>;
  /** All descendants, without the node. */
  downstream(id: NodeId): ReadonlySet<NodeId>;
  /** All within `depth` steps above `ids`, in one pass. */
  ancestors(ids: Iterable<NodeId>, depth: number): ReadonlySet<NodeId>;
  /** All within `depth` steps below `ids`, in one pass. */
  descendants(ids: Iterable<NodeId>, depth: number): ReadonlySet<NodeId>;
  /** The target of a ref or source. @throws ProjectError for a reference buildGraph has not seen */
  resolve(from: Node, reference: Reference): Node;
  /**
   * The node whose publication a test guards: buildable, and with all the test's other inputs upstream of it, so that
   * the test can run on the new rows before anyone sees them. Undefined when there is none.
   */
  gateOf(test: NodeId): NodeId | undefined;
}

/**
 * Resolves every reference and orders the nodes, in time linear in nodes and references. Names that `isUnread` may
 * stand in files that could not be read: that they are missing is no error.
 * @throws VeloErrors with all of 'unknown-ref', 'unknown-source', 'disabled-ref', 'private-ref' and 'duplicate-name',
 * and one 'dependency-cycle' for each circle of the references that resolve
 */
export function buildGraph(
  manifest: Manifest,
  isUnread: (name: string) => boolean = () => false,
): Graph {
  const { nodes } = manifest;
  const resolve = createResolver(manifest);
  const errors: VeloError[] = [];
  const parents = resolveParents(nodes, resolve, isUnread, errors);
  const children = invert(parents);
  const { order, cycles } = orderNodes(nodes.keys(), parents, children);
  errors.push(...cycles.map((cycle) => cycleError(nodesOf(cycle, nodes), resolve)));
  if (errors.length > 0) throw new VeloErrors(errors);
  return knownGraph(manifest, { parents, children, order: () => order, resolver: () => resolve });
}

/** What is known of a graph; functions are called when the first answer of theirs is needed. */
export interface KnownEdges {
  readonly parents: Edges;
  readonly children: Edges;
  order?(): readonly NodeId[];
  resolver(): Resolve;
}

/** The graph of nodes whose references have been resolved before, and without circles. */
export function knownGraph(
  { nodes, projectName }: Pick<Manifest, 'nodes' | 'projectName'>,
  { parents, children, ...known }: KnownEdges,
): Graph {
  const orderedIds = once(known.order ?? (() => orderNodes(nodes.keys(), parents, children).order));
  const ordered = once(() => nodesOf(orderedIds(), nodes));
  const gates = once(() => createGates(nodes, parents, orderedIds()));
  const resolver = once(known.resolver);
  return {
    projectName,
    nodes,
    get order() {
      return ordered();
    },
    parents: (id) => parents.get(id) ?? [],
    children: (id) => children.get(id) ?? [],
    upstream: rememberReach(parents),
    downstream: rememberReach(children),
    ancestors: (ids, depth) => reach(ids, parents, depth),
    descendants: (ids, depth) => reach(ids, children, depth),
    resolve: (from, reference) => resolver()(from, reference),
    gateOf: (test) => gates()(test),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const nodesOf = (ids: readonly NodeId[], nodes: ReadonlyMap<NodeId, Node>): readonly Node[] =>
  ids.flatMap((id) => nodes.get(id) ?? []);

function resolveParents(
  nodes: ReadonlyMap<NodeId, Node>,
  resolve: Resolve,
  isUnread: (name: string) => boolean,
  errors: VeloError[],
): ReadonlyMap<NodeId, readonly NodeId[]> {
  const parents = new Map<NodeId, readonly NodeId[]>();
  for (const node of nodes.values()) {
    const found = node.references.flatMap((reference) => {
      const faults = isMissing(reference) ? [] : errors;
      return collect(faults, () => resolve(node, reference))?.id ?? [];
    });
    parents.set(node.id, found.length > 1 ? [...new Set(found)] : found);
  }
  return parents;

  function isMissing({ path }: Reference): boolean {
    const name = path.at(-1) ?? '';
    return isUnread(name) || isUnread(name.replace(/\.v[^.]+$/, ''));
  }
}

function invert(parents: ReadonlyMap<NodeId, readonly NodeId[]>): Edges {
  const children = new Map<NodeId, NodeId[]>();
  for (const [child, inputs] of parents) {
    for (const parent of inputs) {
      const siblings = children.get(parent);
      if (siblings) siblings.push(child);
      else children.set(parent, [child]);
    }
  }
  return children;
}

/** `cycle`: each node refers to the next, the last to the first. */
function cycleError(cycle: readonly Node[], resolve: Resolve): ProjectError {
  const names = [...cycle, ...cycle.slice(0, 1)].map((node) => node.name);
  const trace = cycle.flatMap((node, i) => {
    const next = cycle[(i + 1) % cycle.length];
    const reference = node.references.find(
      (candidate) => collect([], () => resolve(node, candidate)) === next,
    );
    if (!reference) return [];
    return [{ text: `${node.name}: ${referenceText(reference)}`, span: reference.span }];
  });
  return new ProjectError('dependency-cycle', `nodes depend on each other: ${names.join(' -> ')}`, {
    span: trace[0]?.span,
    hint: 'each refers to the next; take one of these refs out',
    trace,
  });
}
