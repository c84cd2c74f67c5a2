import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TerminalStream } from '../terminal/screen.ts';

const NAME = 'velo.log';

/** Older files that are kept, as dbt keeps them: `velo.log.1` is the newest. */
const KEPT = 5;

/**
 * `velo.log` in a folder, which is made, to be written to: each text is on the disk before `write` returns, so that it is
 * there whatever ends the process. A file that has come to `maxBytes` becomes `velo.log.1`; 0: it grows.
 */
export function openLogFile(folder: string, maxBytes: number): TerminalStream {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, NAME);
  let descriptor = openSync(file, 'a');
  let bytes = fstatSync(descriptor).size;
  return {
    isTTY: false,
    write(text) {
      const length = Buffer.byteLength(String(text));
      if (maxBytes > 0 && bytes > 0 && bytes + length > maxBytes) {
        closeSync(descriptor);
        rotate(file);
        descriptor = openSync(file, 'a');
        bytes = 0;
      }
      writeSync(descriptor, text);
      bytes += length;
      return true;
    },
  };
}

function rotate(file: string): void {
  for (let age = KEPT - 1; age >= 0; age -= 1) {
    const from = age === 0 ? file : `${file}.${age}`;
    if (existsSync(from)) renameSync(from, `${file}.${age + 1}`);
  }
}
