import { manifestArtifact } from '../artifacts/manifest.ts';
import { type ManifestEntry, manifestEntries } from '../artifacts/manifest-entries.ts';
import type { Node, NodeId } from '../core/node.ts';
import { dueNodes } from './due-nodes.ts';
import { type KindOptions, kindFilter } from './kind-filter.ts';
import { type ApiOptions, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface ListOptions extends ApiOptions, SelectOptions, KindOptions {
  /** Last as_of date that `interval:` asks for, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
}

export interface Listed {
  /** In the order of their ids, as dbt lists them. */
  readonly nodes: readonly Node[];
  /** What manifest.json says of a listed node. */
  entryOf(id: NodeId): Readonly<Record<string, unknown>>;
}

/** The selected nodes. Loads no database driver, but for `interval:`, which asks the ledger. @throws ConfigError, VeloErrors */
export async function list(options: ListOptions): Promise<Listed> {
  const project = await loadProject(options);
  const isAsked = kindFilter(project.graph.nodes.values(), options);
  const selected = selectNodes(project, { ...options, due: await dueNodes(project, options) });
  const nodes = [...selected]
    .flatMap((id) => project.graph.nodes.get(id) ?? [])
    .filter(({ kind }) => isAsked(kind))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (nodes.length === 0) project.warn('No nodes selected!', undefined, 'NoNodesSelected');
  let entries: ReadonlyMap<string, ManifestEntry> | undefined;
  return {
    nodes,
    entryOf(id) {
      entries ??= manifestEntries(manifestArtifact(manifestInput(project)));
      return entries.get(id) ?? {};
    },
  };
}
