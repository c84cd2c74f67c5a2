import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Columns, readColumnFile, writeColumnFile } from './column-file.ts';
import { openDetails, removeOthers, type Segment } from './detail-store.ts';
import { fileState } from './file-states.ts';
import type { DetailPlace, NodeColumns } from './node-columns.ts';
import type { ReadDetail } from './node-table.ts';

/** Raised when the shape of the cache or of nodes changes: others are ignored. */
export const FORMAT = 6;

const NAME = 'parse_index';

/** What a project was read from and what it gave, but for the nodes themselves. */
export interface CacheIndex extends IndexHead {
  /** Every file, in the order they are found. */
  readonly files: FileColumns;
  readonly nodes: NodeColumns;
  readonly disabled: NodeColumns;
}

/** What is looked at in every run; lists of files and nodes are read when they are asked for. */
interface IndexHead {
  readonly format: number;
  /** What all of it depends on: settings, vars, target. */
  readonly key: string;
  /** Environment variables the project read, and what they were. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Files outside the project's folders, and their states. */
  readonly imported: readonly ImportedFile[];
  /** Files that are read again every time. */
  readonly fresh: readonly string[];
  readonly listings: readonly SourceListing[];
  readonly segments: readonly Segment[];
  /** Macros, docs, groups and selectors. */
  readonly rest: DetailPlace;
}

export interface FileColumns {
  readonly path: readonly string[];
  readonly state: readonly string[];
  /** Of its text; '' where none is kept. */
  readonly digest: readonly string[];
  /** See FileReads. */
  readonly asked: readonly (readonly string[])[];
  /** The same as rows of files. */
  readonly described: readonly (readonly number[])[];
  /** Of a properties file: what it speaks of. `null`: something other files depend on. */
  readonly entries: readonly (readonly string[] | null)[];
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

export interface OpenCache {
  readonly index: CacheIndex;
  readonly readDetail: ReadDetail;
}

/**
 * The cache of a target folder. Undefined when there is none for this key, or none at all; a damaged or foreign one is no
 * harm.
 */
export function openCache(folder: string, key: string | undefined): OpenCache | undefined {
  try {
    const { head, tables } = readColumnFile(join(folder, NAME));
    const index = { ...(head as IndexHead), ...tables } as CacheIndex;
    if (index.format !== FORMAT) return undefined;
    if (key !== undefined && index.key !== key) return undefined;
    const readDetail = openDetails(folder, index.segments);
    return readDetail && { index, readDetail };
  } catch {
    return undefined;
  }
}

/** Files outside of a project's folders that its cache says it was read from; absolute. */
export function importedFiles(folder: string): readonly string[] {
  try {
    const { head } = readColumnFile(join(folder, NAME));
    return (head as IndexHead).imported.map(({ path }) => path);
  } catch {
    return [];
  }
}

/** Tells one cache of a folder from all others it ever has. */
export const cacheState = (folder: string): string => fileState(join(folder, NAME));

/** Puts a cache in the place of the one before. */
export function writeCache(folder: string, index: CacheIndex): void {
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, `${NAME}.${process.pid}`);
  const { files, nodes, disabled, ...head } = index;
  const tables = { files, nodes, disabled } as unknown as Readonly<Record<string, Columns>>;
  writeColumnFile(aside, { head, tables });
  renameSync(aside, join(folder, NAME));
  removeOthers(folder, index.segments);
}
