import { closeSync, openSync, readSync, writevSync } from 'node:fs';

/** A file that is written from its start in parts of any size; only about a megabyte waits in memory. */
export interface ByteWriter {
  /** Bytes so far. */
  position(): number;
  /** Returns how many bytes the part has. */
  add(part: string | Buffer): number;
  /** Adds bytes of an open file; those that follow each other there are copied at once. */
  copy(descriptor: number, start: number, length: number): void;
  /** Writes what is waiting. */
  close(): void;
}

const BLOCK = 1 << 20;
const MOST_PARTS = 1024;

/** Bytes that are to be copied from a file. */
interface Copy {
  readonly from: number;
  readonly start: number;
  end: number;
}

/** @throws what the file system says */
export function byteWriter(path: string): ByteWriter {
  const descriptor = openSync(path, 'w');
  let parts: Buffer[] = [];
  let texts = '';
  let waiting = 0;
  let position = 0;
  /** Comes after all that is waiting. */
  let copied: Copy | undefined;
  const flushText = () => {
    if (texts !== '') parts.push(Buffer.from(texts));
    texts = '';
  };
  const flush = () => {
    flushText();
    writeAll(descriptor, parts);
    if (copied) copyBytes(copied, descriptor);
    parts = [];
    waiting = 0;
    copied = undefined;
  };
  return {
    position: () => position,
    add(part) {
      if (copied) flush();
      const size = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
      if (typeof part === 'string') texts += part;
      else {
        flushText();
        parts.push(part);
      }
      position += size;
      waiting += size;
      if (waiting >= BLOCK || parts.length >= MOST_PARTS - 1) flush();
      return size;
    },
    copy(from, start, length) {
      position += length;
      if (copied?.from === from && copied.end === start) {
        copied.end += length;
        return;
      }
      if (copied) flush();
      copied = { from, start, end: start + length };
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** The system may take less than it is given. */
function writeAll(descriptor: number, parts: readonly Buffer[]): void {
  if (parts.length === 0) return;
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const written = writevSync(descriptor, parts);
  if (written < total) writeAll(descriptor, [Buffer.concat(parts).subarray(written)]);
}

/** What a processor keeps at hand: larger blocks are copied more slowly. */
const COPIED_BLOCK = 1 << 18;

/** @throws Error when the file ends before */
function copyBytes({ from, start, end }: Copy, descriptor: number): void {
  const block = Buffer.allocUnsafe(Math.min(COPIED_BLOCK, end - start));
  for (let at = start; at < end; ) {
    const size = readSync(from, block, 0, Math.min(block.length, end - at), at);
    if (size === 0) throw new Error(`a file that is copied ends at byte ${at}, before ${end}`);
    writeAll(descriptor, [block.subarray(0, size)]);
    at += size;
  }
}
