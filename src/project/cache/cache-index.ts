import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReads } from '../read-log.ts';
import { openDetails, removeOthers, type Segment } from './detail-store.ts';
import { fileState } from './file-states.ts';
import type { DetailPlace, NodeColumns } from './node-columns.ts';
import type { ReadDetail } from './node-table.ts';

/** Raised when the shape of the cache or of nodes changes: others are ignored. */
export const FORMAT = 5;

const NAME = 'parse_index.json';

/** What a project was read from and what it gave, but for the nodes themselves. */
export interface CacheIndex {
  readonly format: number;
  /** What all of it depends on: settings, vars, target. */
  readonly key: string;
  /** Environment variables the project read, and what they were. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Every file, in the order they are found, with its state and the digest of its text ('' where none is kept). */
  readonly files: FileColumns;
  /** FileNotes by path: read only when a file has changed. */
  readonly notes: DetailPlace;
  /** Files outside the project's folders, and their states. */
  readonly imported: readonly ImportedFile[];
  /** Files that are read again every time. */
  readonly fresh: readonly string[];
  readonly listings: readonly SourceListing[];
  readonly segments: readonly Segment[];
  /** Macros, docs, groups and selectors. */
  readonly rest: DetailPlace;
  readonly nodes: NodeColumns;
  readonly disabled: NodeColumns;
}

export interface FileColumns {
  readonly path: readonly string[];
  readonly state: readonly string[];
  readonly digest: readonly string[];
}

/** `by` is read again when the file at `path` (absolute) has another state. */
export interface ImportedFile {
  readonly by: string;
  readonly path: string;
  readonly state: string;
}

/** The files a source stands for. */
export interface SourceListing {
  /** YAML file of the source, relative to the project. */
  readonly by: string;
  readonly location: string;
  /** Hash of their sizes and times. */
  readonly files: string;
}

export interface FileNotes extends Pick<FileReads, 'asked' | 'described'> {
  /** Of a properties file: what it speaks of. `null`: something other files depend on. */
  readonly entries?: readonly string[] | null;
}

export type Notes = Readonly<Record<string, FileNotes>>;

export interface OpenCache {
  readonly index: CacheIndex;
  readonly readDetail: ReadDetail;
}

/** The cache of a target folder. Undefined when there is none for this key; a damaged or foreign one is no harm. */
export function openCache(folder: string, key: string): OpenCache | undefined {
  let index: CacheIndex;
  try {
    index = JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as CacheIndex;
    if (index.format !== FORMAT || index.key !== key) return undefined;
    const readDetail = openDetails(folder, index.segments);
    return readDetail && { index, readDetail };
  } catch {
    return undefined;
  }
}

export const notesOf = ({ index, readDetail }: OpenCache): Notes => {
  const { segment, offset, length } = index.notes;
  return readDetail(segment, offset, length) as Notes;
};

/** Tells one cache of a folder from all others it ever has. */
export const cacheState = (folder: string): string => fileState(join(folder, NAME));

/** Puts a cache in the place of the one before. */
export function writeCache(folder: string, index: CacheIndex): void {
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, `${NAME}.${process.pid}`);
  writeFileSync(aside, JSON.stringify(index));
  renameSync(aside, join(folder, NAME));
  removeOthers(folder, index.segments);
}
