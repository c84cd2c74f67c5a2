import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { ProjectError } from '../core/errors.ts';

const NEWLINE = 10;

/**
 * The text of a file, without a byte-order mark; `shown` is the file as messages name it.
 * @throws ProjectError 'file-unreadable' when it cannot be read, or holds something other than UTF-8
 */
export function readText(path: string, shown: string): string {
  const bytes = readBytes(path, shown);
  if (!isUtf8(bytes)) {
    throw new ProjectError('file-unreadable', 'is not text in UTF-8', {
      span: { file: shown, line: lineOfFault(bytes), column: 1 },
      hint: 'save it as UTF-8; a file that is no text belongs elsewhere',
    });
  }
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function readBytes(path: string, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProjectError('file-unreadable', `cannot be read: ${reason}`, {
      span: { file: shown, line: 1, column: 1 },
      cause,
    });
  }
}

function lineOfFault(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line += 1;
  }
  return line;
}
