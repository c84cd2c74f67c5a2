import { mkdirSync } from 'node:fs';
import type { Manifest, Node, NodeId } from '../../core/node.ts';
import type { Graph } from '../../graph/build-graph.ts';
import { type CacheIndex, writeCache } from './cache-index.ts';
import { detailWriter } from './detail-store.ts';
import type { StatedFile } from './file-states.ts';
import { listingsOf, makeIndex, type ReadResult } from './make-index.ts';
import { columnsOf, newParts } from './table-parts.ts';

export interface KeepRequest {
  readonly folder: string;
  readonly key: string;
  readonly files: ReadonlyMap<string, StatedFile>;
  readonly read: Omit<ReadResult, 'listings'>;
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly shownPath: (node: Node) => string;
}

/** Keeps a project that was read as a whole for the next run. */
export function keepProject(request: KeepRequest): void {
  const { folder, key, files, read, manifest, graph, shownPath } = request;
  mkdirSync(folder, { recursive: true });
  const details = detailWriter(folder, 0);
  const rows = new Map<NodeId, number>();
  for (const id of manifest.nodes.keys()) rows.set(id, rows.size);
  const rowOf = (id: NodeId) => rows.get(id);
  const nodes = columnsOf(newParts(manifest.nodes.values(), rowOf, graph.parents), details);
  const disabled = columnsOf(
    newParts(manifest.disabled.values(), rowOf, () => []),
    details,
  );
  const { macros, docs, groups, selectors, warnings } = manifest;
  const rest = details.add({ macros, docs, groups, selectors, warnings });
  const segments = [details.finish()];
  const listings = listingsOf(manifest.nodes.values(), shownPath);
  const before: CacheIndex | undefined = undefined;
  const parts = { key, files, before, segments, rest, nodes, disabled };
  writeCache(folder, makeIndex({ ...parts, read: { ...read, listings } }));
}
