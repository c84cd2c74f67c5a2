import type { Emit } from '../core/events.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Graph } from '../graph/build-graph.ts';

/** Tells of refs without a version, of a node that is compiled, where a newer version than the latest stands ready; in dbt's words. */
export function tellUnpinned(
  node: Node,
  graph: Pick<Graph, 'nodes' | 'resolve'>,
  emit: Emit,
): void {
  if (node.check || node.kind === 'unit_test') return;
  const told = new Set<NodeId>();
  for (const reference of node.references) {
    if (reference.kind !== 'ref') continue;
    const target = graph.resolve(node, reference);
    const newest = target && newestOf(target, graph.nodes);
    // A version that is asked for is a part of the name.
    const isPinned = reference.path.at(-1) !== target?.name;
    if (!newest || isPinned || told.has(target.id)) continue;
    told.add(target.id);
    emit({
      type: 'message',
      name: 'UnpinnedRefNewVersionAvailable',
      message: text(node, target, newest),
    });
  }
}

/** Events, and after the start of each node that of {@link tellUnpinned}. */
export const tellingUnpinned =
  (emit: Emit, graph: Pick<Graph, 'nodes' | 'resolve'>): Emit =>
  (event) => {
    emit(event);
    const node = event.type === 'node-started' ? graph.nodes.get(event.node) : undefined;
    if (node) tellUnpinned(node, graph, emit);
  };

/** The newest version, when that is newer than the one `ref` without a version means. */
function newestOf(target: Node, nodes: Graph['nodes']): string | undefined {
  if (!target.version?.latest) return undefined;
  const labels = [...nodes.values()].flatMap(({ kind, name, packageName, version }) =>
    kind === 'model' && name === target.name && packageName === target.packageName && version
      ? [version.label]
      : [],
  );
  const [newest] = labels.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return newest === target.version.label ? undefined : newest;
}

function text(node: Node, { name, packageName, version }: Node, newest: string): string {
  const latest = version?.label ?? '';
  const call = (label: string) => `{{ ref('${packageName}', '${name}', v='${label}') }}`;
  return `While compiling '${node.name}':
Found an unpinned reference to versioned model '${name}' in project '${packageName}'.
Resolving to latest version: ${name}.v${latest}
A prerelease version ${newest} is available. It has not yet been marked 'latest' by its maintainer.
When that happens, this reference will resolve to ${name}.v${newest} instead.

  Try out v${newest}: ${call(newest)}
  Pin to  v${latest}: ${call(latest)}
`;
}
