import type { Manifest, Node } from '../../core/node.ts';
import type { SourceDetail } from '../../nodes/source-text.ts';
import type { FileReads } from '../read-log.ts';
import {
  type CacheIndex,
  type FileNotes,
  FORMAT,
  type ImportedFile,
  type Notes,
  type SourceListing,
} from './cache-index.ts';
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
  readonly notes: DetailPlace;
  readonly nodes: NodeColumns;
  readonly disabled: NodeColumns;
}

/** The index of a cache: that of before with what was read since in its place. */
export function makeIndex(parts: IndexParts): CacheIndex {
  const { key, read, before, segments, rest, notes, nodes, disabled } = parts;
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
    notes,
    imported: [...(before?.imported.filter(isKept) ?? []), ...imported],
    fresh: [...(before?.fresh.filter((by) => !reads.has(by)) ?? []), ...fresh],
    listings: [...(before?.listings.filter(isKept) ?? []), ...read.listings],
    segments,
    rest,
    nodes,
    disabled,
  };
}

function fileColumns({ files, read, before }: IndexParts): CacheIndex['files'] {
  const known = new Map(
    before?.files.path.map((path, at) => [path, before.files.digest[at] as string]),
  );
  const stated = [...files];
  return {
    path: stated.map(([path]) => path),
    state: stated.map(([, { state }]) => state),
    digest: stated.map(([path]) => read.digests.get(path) ?? known.get(path) ?? ''),
  };
}

/** What is noted of each file, with what was read since in the place of what was noted before. */
export function makeNotes(
  files: ReadonlyMap<string, StatedFile>,
  reads: ReadResult['reads'],
  before: Notes,
): Notes {
  const notes: Record<string, FileNotes> = { ...before };
  for (const [path, { asked, described, entries }] of reads) {
    const base = { asked, described };
    const isYaml = files.get(path)?.role === 'properties';
    notes[path] = isYaml ? { ...base, entries } : base;
  }
  return notes;
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
