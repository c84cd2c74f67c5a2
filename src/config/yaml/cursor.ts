/**
 * Where values stand: for each mapping `[own, key, value, key, value …]`, for each list
 * `[own, item, item …]`, as offsets in the text, in the order of the entries.
 */
export type Places = Map<object, readonly number[]>;

/** A text while it is read. */
export interface Cursor {
  /** Lines end in `\n`; no tabs. */
  readonly text: string;
  readonly places: Places;
  /** Offset of what is read next. */
  at: number;
  /** Offset of the line `at` stands in. */
  lineStart: number;
  /** Blanks before the content of the line; -1 at the end of the text. */
  indent: number;
  /** Empty lines skipped on the way to this line. */
  blanks: number;
  /** A comment stood on the way to this line. */
  commented: boolean;
}

/** Thrown, always the same, when the text goes beyond what the simple reader knows. */
export const UNUSUAL = new Error('not simple YAML');

export function unusual(): never {
  throw UNUSUAL;
}

export const CHAR = {
  newline: 10,
  blank: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  comma: 44,
  dash: 45,
  colon: 58,
  greater: 62,
  openBracket: 91,
  closeBracket: 93,
  openBrace: 123,
  bar: 124,
  closeBrace: 125,
} as const;

/** Skips blanks; answers the character after them, NaN at the end of the text. */
export function skipBlanks(cursor: Cursor): number {
  const { text } = cursor;
  let char = text.charCodeAt(cursor.at);
  while (char === CHAR.blank) {
    cursor.at += 1;
    char = text.charCodeAt(cursor.at);
  }
  return char;
}

/** From the end of a value to the next line that has content; nothing but a comment may stand between. */
export function endLine(cursor: Cursor): void {
  const end = cursor.at;
  const char = skipBlanks(cursor);
  cursor.commented = false;
  if (char === CHAR.hash) {
    if (cursor.at === end) unusual();
    cursor.commented = true;
  } else if (!Number.isNaN(char) && char !== CHAR.newline) unusual();
  nextLine(cursor);
}

/** From anywhere in a line to the next one that has content. */
export function nextLine(cursor: Cursor): void {
  const { text } = cursor;
  cursor.blanks = -1;
  for (;;) {
    const newline = text.indexOf('\n', cursor.at);
    if (newline < 0) break;
    cursor.lineStart = newline + 1;
    cursor.at = newline + 1;
    const char = skipBlanks(cursor);
    cursor.blanks += 1;
    if (char === CHAR.newline) continue;
    if (Number.isNaN(char)) break;
    if (char !== CHAR.hash) {
      cursor.indent = cursor.at - cursor.lineStart;
      return;
    }
    cursor.commented = true;
  }
  cursor.at = text.length;
  cursor.indent = -1;
}
