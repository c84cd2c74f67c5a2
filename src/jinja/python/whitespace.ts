// Python's idea of whitespace: JavaScript's without the byte-order mark, and a few controls.
const SPACES =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${SPACES}]+`);
const ANY = new RegExp(`[${SPACES}]+`);

/** A run of anything but whitespace, for matchAll. */
export const WORD = new RegExp(`[^${SPACES}]+`, 'g');

const ONLY = new RegExp(`^[${SPACES}]+$`);
const ONE = new RegExp(`[${SPACES}]`);

export function trimStart(text: string): string {
  return text.replace(LEADING, '');
}

/** Linear: a trailing `\s+$` expression is quadratic on long inner runs of spaces. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

export function isOnlySpace(text: string): boolean {
  return ONLY.test(text);
}

/** `str.split()` without a separator. */
export function splitWords(text: string): string[] {
  const trimmed = trimEnd(trimStart(text));
  return trimmed === '' ? [] : trimmed.split(ANY);
}

function isSpace(code: number): boolean {
  if (code === 32 || (code >= 9 && code <= 13)) return true;
  return code > 13 && (code < 33 || code > 127) && ONE.test(String.fromCharCode(code));
}

// Where Python's str.splitlines() splits. Built from text: the linter forbids control characters.
const LINE_ENDS = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const LINE_END = new RegExp(`\\r\\n|[${LINE_ENDS}]`);
const LINE = new RegExp(`[^${LINE_ENDS}]*(?:\\r\\n|[${LINE_ENDS}]|$)`, 'g');

/** The lines of a text; a line end at the very end begins one more, empty line. */
export function linesOf(text: string): string[] {
  return text.split(LINE_END);
}

/** The lines with their ends; none after the last line end. */
export function linesWithEnds(text: string): string[] {
  return (text.match(LINE) ?? []).filter((line) => line !== '');
}
