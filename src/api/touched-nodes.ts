import type { Node, NodeId } from '../core/node.ts';
import { FAILED, type NodeResult } from '../core/result.ts';
import type { FileChange } from './file-watch.ts';
import type { LoadedProject } from './load-project.ts';

/** Remembers what each node was made by, and which are to be built for what has changed since. */
export interface TouchedNodes {
  /** Takes note of files that changed. */
  note(changes: readonly FileChange[]): void;
  /** Takes note of a project as it was read now. */
  look(project: LoadedProject): void;
  /**
   * What is to be built among `selection`: what is touched and its tests, and what failed before and may not any more.
   * `downstream`: with all that follows.
   */
  among(
    project: LoadedProject,
    selection: ReadonlySet<NodeId>,
    downstream: boolean,
  ): ReadonlySet<NodeId>;
  /** Takes note of how a run ended. Until then all that was touched stays so. */
  settle(results: readonly NodeResult[]): void;
}

export function touchedNodes(): TouchedNodes {
  const marks = new Map<NodeId, string>();
  const touched = new Set<NodeId>();
  const failed = new Set<NodeId>();
  let savedAs: string | undefined;
  let isKnown = false;
  const saved = new Set<string>();
  return {
    note(changes) {
      for (const { path } of changes) saved.add(path);
    },
    look(project) {
      const { nodes } = project.manifest;
      for (const id of nodesReadAnew(project, savedAs)) {
        const node = nodes.get(id) as Node;
        const mark = markOf(node);
        const isOther = isKnown ? marks.get(id) !== mark : isIn(node, saved);
        if (isOther) touched.add(id);
        marks.set(id, mark);
      }
      for (const known of [marks, touched, failed]) forgetGone(known, nodes);
      ({ savedAs } = project);
      isKnown = true;
    },
    among(project, selection, downstream) {
      const { graph } = project;
      const base = builtFor(touched, project);
      const below = graph.descendants(base, Number.POSITIVE_INFINITY);
      const again = [...failed].filter((id) => {
        const node = graph.nodes.get(id);
        return below.has(id) || (node !== undefined && isIn(node, saved));
      });
      const tests = [...base, ...again].flatMap((id) =>
        graph.children(id).filter((child) => graph.nodes.get(child)?.check),
      );
      const all = [...base, ...again, ...tests, ...(downstream ? below : [])];
      return new Set(all.filter((id) => selection.has(id) && graph.nodes.get(id)?.buildable));
    },
    settle(results) {
      saved.clear();
      touched.clear();
      for (const { node, status } of results) {
        if (FAILED.has(status) || status === 'skipped') failed.add(node);
        else failed.delete(node);
      }
    },
  };
}

function forgetGone(
  known: Pick<Map<NodeId, string>, 'keys' | 'delete'>,
  nodes: Pick<ReadonlyMap<NodeId, Node>, 'has'>,
): void {
  for (const id of known.keys()) if (!nodes.has(id)) known.delete(id);
}

/** What a node's rows are made by, and where they are. */
const markOf = ({ fingerprint, place }: Node): string => JSON.stringify([fingerprint, place]);

const isIn = ({ span, propertiesPath }: Node, files: ReadonlySet<string>): boolean =>
  files.has(span.file) || (propertiesPath !== undefined && files.has(propertiesPath));

/** All nodes, or those of the files that were read again where that was the only change since the state `from`. */
function nodesReadAnew(
  { manifest, savedAs, update }: LoadedProject,
  from: string | undefined,
): Iterable<NodeId> {
  if (from === undefined) return manifest.nodes.keys();
  if (savedAs === from) return [];
  if (update?.from !== from) return manifest.nodes.keys();
  const ids = [...manifest.nodes.keys()];
  return ids.filter((_, row) => update.rowsBefore[row] === -1);
}

/** What is not built itself, such as an ephemeral model or a source, is a part of what reads it. */
function builtFor(touched: Iterable<NodeId>, { graph }: LoadedProject): ReadonlySet<NodeId> {
  const seen = new Set<NodeId>();
  const open = [...touched];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = graph.nodes.get(id);
    if (node && !node.buildable && !node.check) open.push(...graph.children(id));
  }
  return seen;
}
