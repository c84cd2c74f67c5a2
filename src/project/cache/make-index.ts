import type { Manifest, Node } from '../../core/node.ts';
import type { SourceDetail } from '../../nodes/source-text.ts';
import type { FileReads } from '../read-log.ts';
import { type CacheIndex, FORMAT, type ImportedFile, type SourceListing } from './cache-index.ts';
import type { Segment } from './detail-store.ts';
import { fileState, type StatedFile } from './file-states.ts';
import type { DetailPlace, NodeColumns } from './node-columns.ts';

/** What reading the project, or a part of it, has brought to light. */
export interface ReadResult {
  readonly environment: CacheIndex['environment'];
  readonly reads: ReadonlyMap<string, FileReads>;
  /** Digests of texts by file. */
  readonly digests: ReadonlyMap<string, string>;
  /** Sources that stand for files. */
  readonly listings: readonly SourceListing[];
}

export interface IndexParts {
  readonly key: string;
  readonly files: ReadonlyMap<string, StatedFile>;
  readonly read: ReadResult;
  /** The index before, when only a part of the files was read. */
  readonly before: CacheIndex | undefined;
  readonly segments: readonly Segment[];
  readonly rest: DetailPlace;
  readonly nodes: NodeColumns;
  readonly disabled: NodeColumns;
}

/** The index of a cache: that of before with what was read since in its place. */
export function makeIndex(parts: IndexParts): CacheIndex {
  const { key, read, before, segments, rest, nodes, disabled } = parts;
  const { reads } = read;
  const isKept = ({ by }: { readonly by: string }) => !reads.has(by);
  const imported = [...reads].flatMap(([by, one]): ImportedFile[] =>
    one.imported.map((path) => ({ by, path, state: fileState(path) })),
  );
  const fresh = [...reads].flatMap(([by, { isFresh }]) => (isFresh ? [by] : []));
  return {
    format: FORMAT,
    key,
    environment: { ...before?.environment, ...read.environment },
    files: fileColumns(parts),
    imported: [...(before?.imported.filter(isKept) ?? []), ...imported],
    fresh: [...(before?.fresh.filter((by) => !reads.has(by)) ?? []), ...fresh],
    listings: [...(before?.listings.filter(isKept) ?? []), ...read.listings],
    segments,
    rest,
    nodes,
    disabled,
  };
}

/** The files are those of before, if there was an index: another one is made when a file comes or goes. */
function fileColumns({ files, read, before }: IndexParts): CacheIndex['files'] {
  const known = before?.files;
  const path = known?.path ?? [...files.keys()];
  const rows = new Map(path.map((one, row) => [one, row]));
  const rowsOf = (paths: readonly string[]) => paths.flatMap((one) => rows.get(one) ?? []);
  const reads = path.map((one) => read.reads.get(one));
  return {
    path,
    state: path.map((one) => files.get(one)?.state ?? ''),
    digest: path.map((one, row) => read.digests.get(one) ?? known?.digest[row] ?? ''),
    asked: reads.map((now, row) => now?.asked ?? known?.asked[row] ?? []),
    described: reads.map((now, row) =>
      now ? rowsOf(now.described) : (known?.described[row] ?? []),
    ),
    entries: reads.map((now, row) => (now ? now.entries : (known?.entries[row] ?? null))),
  };
}

/** The listings of the sources among some nodes. */
export function listingsOf(
  nodes: Iterable<Node>,
  shownPath: (node: Node) => string,
): SourceListing[] {
  const listings: SourceListing[] = [];
  for (const node of nodes) {
    if (node.kind !== 'source') continue;
    const { external } = (node.detail ?? {}) as Partial<SourceDetail>;
    if (!external) continue;
    const files = node.fingerprint['files'] ?? '';
    listings.push({ by: shownPath(node), location: external.location, files });
  }
  return listings;
}

/** What a manifest says besides its nodes. */
export type RestOfManifest = Pick<
  Manifest,
  'macros' | 'docs' | 'groups' | 'selectors' | 'warnings'
>;
