import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import unbzip2 from 'unbzip2-stream';
import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { Archives } from './archives.ts';

/**
 * Unpacks the files that are not unpacked yet, and removes what is left of files that changed or went. Each file
 * appears whole or not at all: it is unpacked beside and moved. A .tar gives its files, whatever folders they are in;
 * those that are packed themselves are unpacked, too. @throws ProjectError 'source-file-damaged' that names the file
 */
export async function unpackArchives(
  { folder, files }: Archives,
  projectDir: string,
  span: Span,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const wanted = new Set(files.map(({ key }) => key));
  for (const found of await readdir(folder)) {
    if (!wanted.has(found)) await rm(join(folder, found), { recursive: true, force: true });
  }
  for (const { name, key } of files) {
    const target = join(folder, key);
    if (await exists(target)) continue;
    try {
      await unpackTo(target, resolve(projectDir, name));
    } catch (cause) {
      throw damaged(name, cause, span);
    }
  }
}

async function unpackTo(target: string, file: string): Promise<void> {
  // Outside of the source's folder, whose every file counts.
  const making = await mkdtemp(join(dirname(dirname(target)), 'making-'));
  try {
    await unpack(createReadStream(file), basename(file), making);
    // Another process may have been faster: its folder has the same files.
    await rename(making, target).catch((error: unknown) => ignoreIfThere(target, error));
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Takes off one layer of packing after the other, by the endings of the name. */
async function unpack(packed: Readable, name: string, into: string): Promise<void> {
  const [, inner, ending] = /^(.+)\.(gz|bz2|tar|tgz)$/i.exec(name) ?? [];
  if (inner === undefined) return pipeline(packed, createWriteStream(await freeName(into, name)));
  switch (ending?.toLowerCase()) {
    case 'gz':
      return through(packed, createGunzip(), inner, into);
    case 'tgz':
      return through(packed, createGunzip(), `${inner}.tar`, into);
    case 'bz2':
      return through(packed, unbzip2(), inner, into);
    default:
      return untar(packed, into);
  }
}

async function through(
  packed: Readable,
  opening: NodeJS.ReadWriteStream,
  inner: string,
  into: string,
): Promise<void> {
  const opened = new PassThrough();
  await together(pipeline(packed, opening, opened), unpack(opened, inner, into));
}

async function untar(packed: Readable, into: string): Promise<void> {
  const entries = extract();
  await together(pipeline(packed, entries), unpackEach(entries, into));
}

async function unpackEach(entries: Extract, into: string): Promise<void> {
  for await (const entry of entries) {
    if (entry.header.type === 'file')
      await unpack(Readable.from(entry), basename(entry.header.name), into);
    else entry.resume();
  }
}

/** Until both have ended, so that nobody writes any more when one has failed. @throws what the first one threw, else the second */
async function together(...works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Folders of an archive may hold files of one name: those after the first get a number in front. */
async function freeName(folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${number}-${name}`);
    if (!(await exists(path))) return path;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function ignoreIfThere(target: string, error: unknown): Promise<void> {
  if (!(await exists(target))) throw error;
}

function damaged(name: string, cause: unknown, span: Span): ProjectError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProjectError('source-file-damaged', `'${name}' cannot be unpacked: ${reason}`, {
    span,
    hint: 'fetch the file again, or take it out of the folder',
    cause,
  });
}
