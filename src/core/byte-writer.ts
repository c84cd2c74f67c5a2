import { closeSync, openSync, writevSync } from 'node:fs';

/** A file that is written from its start in parts of any size; only about a megabyte waits in memory. */
export interface ByteWriter {
  /** Bytes so far. */
  position(): number;
  /** Returns how many bytes the part has. */
  add(part: string | Buffer): number;
  /** Writes what is waiting. */
  close(): void;
}

const BLOCK = 1 << 20;
const MOST_PARTS = 1024;

/** @throws what the file system says */
export function byteWriter(path: string): ByteWriter {
  const descriptor = openSync(path, 'w');
  let parts: Buffer[] = [];
  let texts = '';
  let waiting = 0;
  let position = 0;
  const flushText = () => {
    if (texts !== '') parts.push(Buffer.from(texts));
    texts = '';
  };
  const flush = () => {
    flushText();
    writeAll(descriptor, parts);
    parts = [];
    waiting = 0;
  };
  return {
    position: () => position,
    add(part) {
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
