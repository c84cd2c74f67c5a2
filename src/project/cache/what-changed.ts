import { readYaml } from '../../config/read-yaml.ts';
import { VeloError, VeloErrors } from '../../core/errors.ts';
import { readProjectText } from '../read-file.ts';
import type { OpenCache } from './cache-index.ts';
import { fileDigest, fileState, type StatedFile } from './file-states.ts';
import { entriesOf } from './yaml-entries.ts';

/** What has to be read again. */
export interface Changes {
  /** Files whose nodes are made anew, relative to the project. */
  readonly files: ReadonlySet<string>;
  /** Properties files with another text than before. */
  readonly properties: ReadonlySet<string>;
  /** Whether the cache is to be written again. */
  readonly isKeepable: boolean;
}

export interface ChangesRequest {
  readonly cache: OpenCache;
  readonly files: ReadonlyMap<string, StatedFile>;
  /** Hash of what a source's location holds now. */
  listingOf(location: string): string;
}

/**
 * The files that must be read again, nothing if `files` is empty. Undefined when all must be: a file came or went, or
 * one has changed that all may use.
 */
export function whatChanged(request: ChangesRequest): Changes | undefined {
  const touched = touchedFiles(request);
  if (!touched) return undefined;
  const { edited, isTouched } = touched;
  const { files } = request;
  const { index } = request.cache;
  const outside = index.imported.filter(({ path, state }) => fileState(path) !== state);
  const listings = index.listings.filter(
    ({ location, files: before }) => request.listingOf(location) !== before,
  );
  const again = new Set([
    ...edited,
    ...index.fresh,
    ...[...outside, ...listings].map(({ by }) => by),
  ]);
  const isKeepable = isTouched || again.size > index.fresh.length;
  const properties = new Set([...edited].filter((path) => files.get(path)?.role === 'properties'));
  if (again.size === 0) return { files: again, properties, isKeepable };
  const all = withTheirParts(again, properties, request);
  return all && { files: all, properties, isKeepable };
}

/** Files with another text. `isTouched`: some have another state, whatever their text. */
function touchedFiles({ cache, files }: ChangesRequest) {
  const { path, state, digest } = cache.index.files;
  if (path.length !== files.size) return undefined;
  const edited = new Set<string>();
  let isTouched = false;
  for (const [at, shownPath] of path.entries()) {
    const now = files.get(shownPath);
    if (!now) return undefined;
    if (now.state === state[at]) continue;
    isTouched = true;
    if (fileDigest(now.file.absolutePath) === digest[at]) continue;
    if (now.role === 'shared') return undefined;
    edited.add(shownPath);
  }
  return { edited, isTouched };
}

/** Adds the files that edited YAML speaks of, before or after, and the YAML that speaks of files to be read. */
function withTheirParts(
  again: ReadonlySet<string>,
  properties: ReadonlySet<string>,
  { cache, files }: ChangesRequest,
): ReadonlySet<string> | undefined {
  const { path: paths, asked, described, entries } = cache.index.files;
  const rows = new Map(paths.map((path, row) => [path, row]));
  const spokenOf = new Set<string>();
  for (const path of properties) {
    const before = entries[rows.get(path) ?? -1];
    const now = before && entriesNow(files.get(path) as StatedFile);
    if (!now) return undefined;
    for (const entry of [...before, ...now]) spokenOf.add(entry);
  }
  const isSpokenOf = (_: string, row: number) => asked[row]?.some((one) => spokenOf.has(one));
  const all = new Set([...again, ...(spokenOf.size > 0 ? paths.filter(isSpokenOf) : [])]);
  for (const path of [...all]) {
    for (const row of described[rows.get(path) ?? -1] ?? []) all.add(paths[row] as string);
  }
  return all;
}

/** Undefined for a fault as well: it is told of when all is read. */
function entriesNow({ file, packageName }: StatedFile): readonly string[] | undefined {
  try {
    const { value } = readYaml(file.shownPath, readProjectText(file));
    return entriesOf(packageName, value);
  } catch (error) {
    if (error instanceof VeloError || error instanceof VeloErrors) return undefined;
    throw error;
  }
}
