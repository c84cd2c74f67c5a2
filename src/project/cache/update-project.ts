import { VeloError, VeloErrors } from '../../core/errors.ts';
import { INLINE_NAME } from '../../core/inline-name.ts';
import { type Manifest, type Node, nodeId } from '../../core/node.ts';
import type { Resolve } from '../../graph/resolve-references.ts';
import { type OpenCache, writeCache } from './cache-index.ts';
import { detailBuffer } from './detail-store.ts';
import type { StatedFile } from './file-states.ts';
import { listingsOf, makeIndex, type ReadResult } from './make-index.ts';
import { mergeNodes } from './merge-nodes.ts';
import type { DetailPlace, NodeColumns } from './node-columns.ts';
import { type NodeTable, nodeTable } from './node-table.ts';
import { type ProjectUpdate, restOf, type TableProject, tableProject } from './open-project.ts';
import { tableResolver } from './table-graph.ts';
import { columnsOf, type NewRow, newRowsOf, rowsBefore } from './table-parts.ts';

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

export interface UpdatedProject extends TableProject, Omit<ProjectUpdate, 'from'> {
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
 * The project of a cache with some files read anew. Undefined when more must be read than those, or when references
 * of new nodes cannot be resolved or go in a circle.
 */
export function updateProject(request: UpdateRequest): UpdatedProject | undefined {
  const { cache, projectName, parsed, hasInline, files, shownPath } = request;
  const { index, readDetail } = cache;
  const before = nodeTable(index.nodes, readDetail);
  const merged = mergeNodes({
    nodes: before,
    disabled: nodeTable(index.disabled, readDetail),
    parsed,
    wasRead: (packageName, path) => files.has(shownPath({ packageName, path })),
    added: hasInline ? nodeId('model', projectName, INLINE_NAME) : undefined,
  });
  if (!merged) return undefined;
  const { details, moved, keptSegments } = detailsOf(cache);
  const columns = columnsOf(merged.nodes, details, moved(index.nodes));
  const off = columnsOf(merged.disabled, details, moved(index.disabled));
  const hasSameIds = isSameList(columns.id, index.nodes.id);
  const sameRows = hasSameIds ? before.rowOf : undefined;
  const renewed = newRowsOf(merged.nodes);
  const nodes = nodeTable(columns, readDetail, nodesOf(renewed), sameRows);
  const disabled = nodeTable(off, readDetail, nodesOf(newRowsOf(merged.disabled)));
  const project = tableProject(projectName, nodes, disabled, () => restOf(cache));
  const hasSameParents = resolveRenewed(renewed, { project, before, nodes, disabled });
  if (hasSameParents === undefined) return undefined;
  return {
    ...project,
    rowsBefore: rowsBefore(merged.nodes),
    hasSameEdges: hasSameIds && hasSameParents,
    keep({ folder, key, files: stated, read }) {
      const segments = [...keptSegments, details.finish(folder)];
      const listings = listingsOf(nodesOf(renewed).values(), shownPath);
      const parts = { key, files: stated, before: index, segments, rest: index.rest };
      const tables = { nodes: columns, disabled: off };
      writeCache(folder, makeIndex({ ...parts, ...tables, read: { ...read, listings } }));
    },
  };
}

const nodesOf = (rows: ReadonlyMap<number, NewRow>): ReadonlyMap<number, Node> =>
  new Map(Array.from(rows, ([row, { node }]) => [row, node]));

/** Files of whole nodes a cache may have before those written since the first become one. */
const MOST_SEGMENTS = 8;

/** Where new nodes go, and those of files that become one. */
function detailsOf({ index, readDetail }: OpenCache) {
  const isMany = index.segments.length >= MOST_SEGMENTS;
  const keptSegments = isMany ? index.segments.slice(0, 1) : index.segments;
  const details = detailBuffer(keptSegments.length);
  const placeAt = ({ segment, offset, length }: NodeColumns, row: number): DetailPlace => {
    const place = {
      segment: segment[row] as number,
      offset: offset[row] as number,
      length: length[row] as number,
    };
    if (place.segment < keptSegments.length) return place;
    return details.add(readDetail(place.segment, place.offset, place.length) as object);
  };
  const moved = (columns: NodeColumns): NodeColumns => {
    if (!isMany) return columns;
    const places = columns.id.map((_, row) => placeAt(columns, row));
    return {
      ...columns,
      segment: places.map(({ segment }) => segment),
      offset: places.map(({ offset }) => offset),
      length: places.map(({ length }) => length),
    };
  };
  return { details, moved, keptSegments };
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

interface Tables {
  readonly project: TableProject;
  readonly before: NodeTable;
  readonly nodes: NodeTable;
  readonly disabled: NodeTable;
}

/** Finds the parents of new nodes; true if they are those of before, undefined if there is a fault. */
function resolveRenewed(renewed: ReadonlyMap<number, NewRow>, tables: Tables): boolean | undefined {
  const { before, nodes, disabled } = tables;
  const { manifest } = tables.project;
  const parents = nodes.columns.parents as (readonly number[])[];
  let resolve: Resolve | undefined;
  const changed: number[] = [];
  try {
    for (const [row, one] of renewed) {
      const known = parentsBefore(one, before);
      if (!known) changed.push(row);
      resolve ??= known ? undefined : tableResolver(manifest, nodes, disabled);
      parents[row] = known ?? parentsNow(one.node, nodes, resolve);
    }
  } catch (error) {
    if (error instanceof VeloError || error instanceof VeloErrors) return undefined;
    throw error;
  }
  if (changed.some((row) => reachesItself(row, parents))) return undefined;
  return changed.length === 0;
}

/** Undefined when the node is new or refers to something else. */
function parentsBefore(
  { node, before: row }: NewRow,
  before: NodeTable,
): readonly number[] | undefined {
  if (row < 0) return undefined;
  const wanted = JSON.stringify(node.references.map(({ kind, path }) => [kind, path]));
  const { references } = before.nodeAt(row);
  if (JSON.stringify(references.map(({ kind, path }) => [kind, path])) !== wanted) return undefined;
  return before.columns.parents[row];
}

const parentsNow = (node: Node, nodes: NodeTable, resolve: Resolve | undefined): number[] => [
  ...new Set(
    node.references.flatMap((one) => (resolve ? (nodes.rowOf(resolve(node, one).id) ?? []) : [])),
  ),
];

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
