import { CHAR, type Cursor, skipBlanks, unusual } from './cursor.ts';
import { readKey } from './simple-key.ts';
import { plainValue, quoted } from './simple-scalars.ts';

/** `[…]` or `{…}`; its further lines stand further in than `indent`. */
export function flowCollection(cursor: Cursor, indent: number): unknown {
  return cursor.text.charCodeAt(cursor.at) === CHAR.openBracket
    ? flowList(cursor, indent)
    : flowMapping(cursor, indent);
}

function flowList(cursor: Cursor, indent: number): unknown[] {
  const places = [cursor.at];
  const list: unknown[] = [];
  cursor.places.set(list, places);
  while (nextEntry(cursor, indent, CHAR.closeBracket, list.length === 0)) {
    places.push(cursor.at);
    list.push(flowValue(cursor, indent));
  }
  return list;
}

function flowMapping(cursor: Cursor, indent: number): Record<string, unknown> {
  const places = [cursor.at];
  const mapping: Record<string, unknown> = {};
  cursor.places.set(mapping, places);
  while (nextEntry(cursor, indent, CHAR.closeBrace, places.length === 1)) {
    places.push(cursor.at);
    const key = readKey(cursor);
    if (key === undefined || Object.hasOwn(mapping, key)) return unusual();
    skipSpace(cursor, indent);
    places.push(cursor.at);
    mapping[key] = flowValue(cursor, indent);
  }
  return mapping;
}

/** Goes over what stands before an entry; false when the collection ends instead. */
function nextEntry(cursor: Cursor, indent: number, close: number, isFirst: boolean): boolean {
  if (isFirst) cursor.at += 1;
  const char = skipSpace(cursor, indent);
  if (char === close) {
    cursor.at += 1;
    return false;
  }
  if (isFirst) return true;
  if (char !== CHAR.comma) unusual();
  cursor.at += 1;
  skipSpace(cursor, indent);
  return true;
}

function flowValue(cursor: Cursor, indent: number): unknown {
  switch (cursor.text.charCodeAt(cursor.at)) {
    case CHAR.openBracket:
    case CHAR.openBrace:
      return flowCollection(cursor, indent);
    case CHAR.apostrophe:
    case CHAR.quote:
      return quoted(cursor);
    default:
      return flowPlain(cursor);
  }
}

const PLAIN = /(?:[^\s,[\]{}#&*!|>'"%@`?:-]|-[\w.])[^\n,[\]{}#:]*/y;

function flowPlain(cursor: Cursor): unknown {
  PLAIN.lastIndex = cursor.at;
  const text = PLAIN.exec(cursor.text)?.[0] ?? unusual();
  cursor.at = PLAIN.lastIndex;
  return plainValue(text.replace(/ +$/, ''));
}

/** Skips blanks and line ends; answers the character after them. */
function skipSpace(cursor: Cursor, indent: number): number {
  let char = skipBlanks(cursor);
  while (char === CHAR.newline) {
    cursor.at += 1;
    cursor.lineStart = cursor.at;
    char = skipBlanks(cursor);
    if (char !== CHAR.newline && cursor.at - cursor.lineStart <= indent) unusual();
  }
  return char;
}
