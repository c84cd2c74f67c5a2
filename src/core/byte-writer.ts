import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** A file that is written from its start in parts of any size; at most a megabyte waits in memory. */
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

/** One UTF-16 unit takes at most three bytes of UTF-8. */
const MOST_BYTES = 3;

/** Bytes that are to be copied from a file. */
interface Copy {
  readonly from: number;
  readonly start: number;
  end: number;
}

/** @throws what the file system says */
export function byteWriter(path: string): ByteWriter {
  const descriptor = openSync(path, 'w');
  const block = Buffer.allocUnsafeSlow(BLOCK);
  let used = 0;
  let written = 0;
  /** Comes after all that is waiting. */
  let copied: Copy | undefined;
  const write = (bytes: Buffer) => {
    writeAll(descriptor, bytes);
    written += bytes.length;
  };
  const flush = () => {
    write(block.subarray(0, used));
    used = 0;
    if (copied) written += copyBytes(copied, descriptor);
    copied = undefined;
  };
  const position = () => written + used + (copied ? copied.end - copied.start : 0);
  return {
    position,
    add(part) {
      const most = typeof part === 'string' ? part.length * MOST_BYTES : part.length;
      if (copied || used + most > BLOCK) flush();
      const before = position();
      if (most > BLOCK) write(typeof part === 'string' ? Buffer.from(part) : part);
      else used += typeof part === 'string' ? block.write(part, used) : part.copy(block, used);
      return position() - before;
    },
    copy(from, start, length) {
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
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

/** What a processor keeps at hand: larger blocks are copied more slowly. */
const COPIED_BLOCK = 1 << 18;

/** Returns how many bytes there were. @throws Error when the file ends before */
function copyBytes({ from, start, end }: Copy, descriptor: number): number {
  const block = Buffer.allocUnsafe(Math.min(COPIED_BLOCK, end - start));
  for (let at = start; at < end; ) {
    const size = readSync(from, block, 0, Math.min(block.length, end - at), at);
    if (size === 0) throw new Error(`a file that is copied ends at byte ${at}, before ${end}`);
    writeAll(descriptor, block.subarray(0, size));
    at += size;
  }
  return end - start;
}
