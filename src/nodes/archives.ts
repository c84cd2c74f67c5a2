import { join } from 'node:path';
import { hashOf } from '../core/fingerprint.ts';

/** Files that have to be unpacked before an engine can read them, and where they go. */
export interface Archives {
  /** Folder of the source, absolute. It holds a folder for each file. */
  readonly folder: string;
  readonly files: readonly ArchiveFile[];
}

interface ArchiveFile {
  /** As listed: from the project's folder. */
  readonly name: string;
  /** Name of its folder; changes with the file's size or time. */
  readonly key: string;
}

type FileState = readonly [name: string, bytes: number, changedMs: number];

const PACKED = /\.(bz2|tar|tgz|tar\.gz)$/i;

/** Endings that say how a file is packed and not what is in it. */
export const PACKED_ENDINGS = /(\.tar|\.tgz)?(\.(gz|bz2|zst))?$/i;

/** Where the files of a location go when one of them is an archive; undefined when none is. */
export function archivesOf(
  location: string,
  states: readonly FileState[],
  unpackedDir: string,
): Archives | undefined {
  if (!states.some(([name]) => PACKED.test(name))) return undefined;
  // All of them, so that one pattern finds them whatever else matches the location.
  const files = states.map((state) => ({ name: state[0], key: hashOf(state) }));
  return { folder: join(unpackedDir, hashOf(location)), files };
}

/** What finds every unpacked file. */
export const unpackedPattern = ({ folder }: Archives): string => join(folder, '*', '*');
