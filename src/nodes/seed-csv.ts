import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';

/** The cells of a CSV text, flat; row r holds the cells from rowStarts[r] to before rowStarts[r + 1]. */
export interface Csv {
  readonly cells: readonly string[];
  /** Where in the text each cell begins. */
  readonly offsets: readonly number[];
  /** One more than there are rows. */
  readonly rowStarts: readonly number[];
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Splits a CSV text (RFC 4180; also LF and CR line ends). Blank lines are no rows.
 * @throws ProjectError seed-format for a quote that is never closed
 */
export function scanCsv(text: string, delimiter: string, file: string): Csv {
  const cells: string[] = [];
  const offsets: number[] = [];
  const rowStarts = [0];
  const separator = delimiter.charCodeAt(0);
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    if (isLineEnd(text.charCodeAt(at))) {
      at += 1; // a blank line, or the second half of CR LF
      continue;
    }
    for (let isInRow = true; isInRow; at += 1) {
      offsets.push(at);
      const start = at;
      const plainFrom = text.charCodeAt(at) === QUOTE ? closingQuote(text, at, file) + 1 : at;
      at = cellEnd(text, plainFrom, separator);
      const plain = text.slice(plainFrom, at);
      cells.push(plainFrom === start ? plain : unquote(text.slice(start, plainFrom)) + plain);
      isInRow = text.charCodeAt(at) === separator;
    }
    rowStarts.push(cells.length);
  }
  return { cells, offsets, rowStarts };
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

function cellEnd(text: string, from: number, separator: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === separator || isLineEnd(code)) break;
  }
  return at;
}

function closingQuote(text: string, open: number, file: string): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1) {
      const span = spanAt(text, open, file);
      throw new ProjectError('seed-format', 'a quoted value is never closed', { span });
    }
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
}

/** Line and column of an offset. */
export function spanAt(text: string, offset: number, file: string): Span {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
