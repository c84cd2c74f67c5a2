import { openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ByteWriter, byteWriter } from '../../core/byte-writer.ts';
import type { DetailPlace } from './node-columns.ts';
import type { ReadDetail } from './node-table.ts';

/** A file with whole nodes one after the other, as it was when it was written. */
export interface Segment {
  /** Name within the folder of the cache. */
  readonly name: string;
  readonly bytes: number;
  readonly changedMs: number;
}

const PREFIX = 'parse_nodes.';

/** How much is read at once: nodes are mostly asked for in their order. */
const WINDOW = 1 << 18;

/** Opens the files of whole nodes. Undefined when one of them is not the one that was written. */
export function openDetails(folder: string, segments: readonly Segment[]): ReadDetail | undefined {
  const isThere = segments.every(({ name, bytes, changedMs }) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.size === bytes && found.mtimeMs === changedMs;
  });
  if (!isThere) return undefined;
  const readers = segments.map(({ name, bytes }) => windowed(join(folder, name), bytes));
  return (segment, offset, length) =>
    JSON.parse(readers[segment]?.(offset, length) ?? '') as unknown;
}

/** The file stays open until the process ends, so that nobody can take it away meanwhile. */
function windowed(file: string, bytes: number): (offset: number, length: number) => string {
  const descriptor = openSync(file, 'r');
  let window = Buffer.alloc(0);
  let start = 0;
  return (offset, length) => {
    if (offset < start || offset + length > start + window.length) {
      start = offset;
      window = Buffer.allocUnsafe(Math.max(length, Math.min(WINDOW, bytes - offset)));
      readSync(descriptor, window, 0, window.length, offset);
    }
    return window.toString('utf8', offset - start, offset - start + length);
  };
}

/** Whole nodes on their way into a new file. */
export interface DetailWriter {
  add(value: object): DetailPlace;
  /** Ends the file. */
  finish(): Segment;
}

/** The same in memory, for what is perhaps not kept. */
export interface DetailBuffer extends Pick<DetailWriter, 'add'> {
  finish(folder: string): Segment;
}

export function detailBuffer(segment: number): DetailBuffer {
  const parts: Buffer[] = [];
  let offset = 0;
  return {
    add(value) {
      const part = Buffer.from(JSON.stringify(value));
      parts.push(part);
      offset += part.length;
      return { segment, offset: offset - part.length, length: part.length };
    },
    finish: (folder) =>
      writeSegment(folder, (out) => {
        for (const part of parts) out.add(part);
      }),
  };
}

/** Writes a new file. @param segment number the file will have among those of the cache */
export function detailWriter(folder: string, segment: number): DetailWriter {
  const { out, finish } = newSegment(folder);
  return {
    finish,
    add(value) {
      const offset = out.position();
      return { segment, offset, length: out.add(JSON.stringify(value)) };
    },
  };
}

function writeSegment(folder: string, write: (out: ByteWriter) => void): Segment {
  const { out, finish } = newSegment(folder);
  write(out);
  return finish();
}

function newSegment(folder: string) {
  const name = `${PREFIX}${process.pid}-${process.hrtime.bigint().toString(36)}`;
  const file = join(folder, name);
  const out = byteWriter(file);
  const finish = (): Segment => {
    out.close();
    return { name, bytes: out.position(), changedMs: statSync(file).mtimeMs };
  };
  return { out, finish };
}

/** Removes files of whole nodes that no index names any more. */
export function removeOthers(folder: string, kept: readonly Segment[]): void {
  const names = new Set(kept.map(({ name }) => name));
  for (const name of readdirSync(folder)) {
    if (name.startsWith(PREFIX) && !names.has(name)) rmSync(join(folder, name), { force: true });
  }
}
