import { VeloError, VeloErrors } from '../../core/errors.ts';
import { type Manifest, type Node, type NodeId, nodeId } from '../../core/node.ts';
import { buildGraph } from '../../graph/build-graph.ts';
import { INLINE_NAME } from '../inline-name.ts';
import { notesOf, type OpenCache, writeCache } from './cache-index.ts';
import { detailWriter } from './detail-store.ts';
import type { StatedFile } from './file-states.ts';
import { listingsOf, makeIndex, makeNotes, type ReadResult } from './make-index.ts';
import { mergeNodes } from './merge-nodes.ts';
import type { NodeColumns } from './node-columns.ts';
import { nodeTable } from './node-table.ts';
import { restOf, type TableProject, tableProject } from './open-project.ts';
import { tableResolver } from './table-graph.ts';
import { columnsOf, type TableRow } from './table-rows.ts';

export interface UpdateRequest {
  readonly cache: OpenCache;
  readonly projectName: string;
  /** What was read of the files that changed. */
  readonly parsed: Manifest;
  readonly hasInline: boolean;
  /** Files that were read, relative to the project. */
  readonly files: ReadonlySet<string>;
  readonly shownPath: (node: Pick<Node, 'packageName' | 'path'>) => string;
}

export interface UpdatedProject extends TableProject {
  readonly renewed: ReadonlySet<NodeId>;
  /** Writes the cache anew. */
  keep(request: KeepUpdate): void;
}

interface KeepUpdate {
  readonly folder: string;
  readonly key: string;
  readonly files: ReadonlyMap<string, StatedFile>;
  readonly read: Omit<ReadResult, 'listings'>;
}

/**
 * The project of a cache with some files read anew. Undefined when more must be read than those.
 * @throws VeloErrors when references of new nodes cannot be resolved, or go in a circle
 */
export function updateProject(request: UpdateRequest): UpdatedProject | undefined {
  const { cache, projectName, parsed, hasInline, files, shownPath } = request;
  const { index, readDetail } = cache;
  const merged = mergeNodes({
    nodes: nodeTable(index.nodes, readDetail),
    disabled: nodeTable(index.disabled, readDetail),
    parsed,
    wasRead: (packageName, path) => files.has(shownPath({ packageName, path } as Node)),
    added: hasInline ? nodeId('model', projectName, INLINE_NAME) : undefined,
  });
  if (!merged) return undefined;
  const details = detailWriter(index.segments.length);
  const columns = columnsOf(merged.nodes, details);
  const nodes = nodeTable(columns, readDetail, merged.renewed);
  const disabled = nodeTable(
    columnsOf(merged.disabled, details),
    readDetail,
    known(merged.disabled),
  );
  const project = tableProject(projectName, nodes, disabled, () => restOf(cache));
  resolveRenewed(project, columns, merged.renewed);
  return {
    ...project,
    renewed: new Set(Array.from(merged.renewed.values(), ({ id }) => id)),
    keep({ folder, key, files: stated, read }) {
      const notes = details.add(makeNotes(stated, read.reads, notesOf(cache)));
      const segment = details.finish(folder);
      const segments = [...index.segments, ...(segment ? [segment] : [])];
      const listings = listingsOf(merged.renewed.values(), shownPath);
      const parts = { key, files: stated, before: index, segments, rest: index.rest, notes };
      writeCache(
        folder,
        makeIndex({
          ...parts,
          nodes: columns,
          disabled: disabled.columns,
          read: { ...read, listings },
        }),
      );
    },
  };

  function resolveRenewed(
    { manifest }: TableProject,
    { parents }: NodeColumns,
    renewed: ReadonlyMap<number, Node>,
  ): void {
    const resolve = tableResolver(manifest, nodes, disabled);
    const growing = parents as (readonly number[])[];
    try {
      for (const [row, node] of renewed) {
        const found = node.references.map((one) => nodes.rowOf(resolve(node, one).id) ?? -1);
        growing[row] = [...new Set(found)];
      }
    } catch (error) {
      if (!(error instanceof VeloError || error instanceof VeloErrors)) throw error;
      buildGraph(manifest); // raises this error with all others of its kind
      throw error;
    }
    if ([...renewed.keys()].some((row) => reachesItself(row, parents))) buildGraph(manifest);
  }
}

const known = (rows: readonly TableRow[]): ReadonlyMap<number, Node> =>
  new Map(rows.flatMap((one, row) => ('node' in one ? [[row, one.node] as const] : [])));

function reachesItself(row: number, parents: readonly (readonly number[])[]): boolean {
  const seen = new Set<number>();
  const open = [...(parents[row] ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === row) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(parents[at] ?? []));
  }
  return false;
}
