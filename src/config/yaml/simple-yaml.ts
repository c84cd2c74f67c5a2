import {
  CHAR,
  type Cursor,
  endLine,
  nextLine,
  type Places,
  skipBlanks,
  UNUSUAL,
  unusual,
} from './cursor.ts';
import { flowCollection } from './simple-flow.ts';
import { readKey } from './simple-key.ts';
import { blockText, plain, quoted } from './simple-scalars.ts';

/** A value, and where its parts stand in `text`, which has the lines and columns of the file. */
export interface SimpleYaml {
  readonly value: unknown;
  readonly places: Places;
  readonly text: string;
}

/** What needs the whole of YAML: tabs and other controls, several documents, directives. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BEYOND = /[\0-\x09\x0b-\x1f\x7f\ufeff]|^(?:\.\.\.|%|---(?!\n))|\n(?:---|\.\.\.|%)/;

/**
 * Reads the YAML people write for a project, many times faster than a whole YAML parser. Answers
 * undefined for everything else, mistakes included: what it does answer is what the whole parser would.
 */
export function readSimpleYaml(source: string): SimpleYaml | undefined {
  const text = source.includes('\r') ? source.replaceAll('\r\n', '\n') : source;
  if (BEYOND.test(text)) return undefined;
  const places: Places = new Map();
  const cursor: Cursor = {
    text,
    places,
    at: 0,
    lineStart: 0,
    indent: 0,
    blanks: 0,
    commented: false,
  };
  try {
    firstLine(cursor);
    const value = document(cursor);
    return cursor.indent < 0 ? { value, places, text } : undefined;
  } catch (error) {
    // A RangeError: nested deeper than the stack.
    if (error === UNUSUAL || error instanceof RangeError) return undefined;
    throw error;
  }
}

function firstLine(cursor: Cursor): void {
  const char = cursor.text.startsWith('---') ? CHAR.newline : skipBlanks(cursor);
  if (char === CHAR.newline || char === CHAR.hash) nextLine(cursor);
  else cursor.indent = cursor.at;
}

function document(cursor: Cursor): unknown {
  const char = cursor.text.charCodeAt(cursor.at);
  const isFlow = char === CHAR.openBracket || char === CHAR.openBrace;
  return isFlow ? inline(cursor, -1) : block(cursor, cursor.indent);
}

/** A list or a mapping whose entries stand at `indent`. */
function block(cursor: Cursor, indent: number): unknown {
  if (isItem(cursor)) return list(cursor, indent);
  return mapping(cursor, indent);
}

function isItem({ text, at }: Cursor): boolean {
  if (text.charCodeAt(at) !== CHAR.dash) return false;
  const next = text.charCodeAt(at + 1);
  return next === CHAR.blank || next === CHAR.newline || Number.isNaN(next);
}

function mapping(cursor: Cursor, indent: number): Record<string, unknown> {
  const places = [cursor.at];
  const values: Record<string, unknown> = {};
  cursor.places.set(values, places);
  do {
    places.push(cursor.at);
    const key = readKey(cursor);
    if (key === undefined || Object.hasOwn(values, key)) return unusual();
    values[key] = entryValue(cursor, indent, places);
  } while (cursor.indent === indent);
  if (cursor.indent > indent) unusual();
  return values;
}

/** What stands behind a key; a list may stand as far out as the key itself. */
function entryValue(cursor: Cursor, indent: number, places: number[]): unknown {
  const end = cursor.at;
  const isOver = isLineOver(skipBlanks(cursor));
  const place = cursor.at;
  if (!isOver) {
    places.push(place);
    return inline(cursor, indent);
  }
  endOfNothing(cursor, end);
  const isBlock = cursor.indent > indent || (cursor.indent === indent && isItem(cursor));
  places.push(isBlock ? cursor.at : place);
  return isBlock ? block(cursor, cursor.indent) : null;
}

/** Goes back over the blanks: a comment must have one before it. */
function endOfNothing(cursor: Cursor, end: number): void {
  cursor.at = end;
  endLine(cursor);
}

const isLineOver = (char: number): boolean =>
  char === CHAR.newline || char === CHAR.hash || Number.isNaN(char);

function list(cursor: Cursor, indent: number): unknown[] {
  const places = [cursor.at];
  const values: unknown[] = [];
  cursor.places.set(values, places);
  do {
    cursor.at += 1;
    values.push(itemValue(cursor, indent, places));
  } while (cursor.indent === indent && isItem(cursor));
  if (cursor.indent > indent) unusual();
  return values;
}

function itemValue(cursor: Cursor, indent: number, places: number[]): unknown {
  const end = cursor.at;
  const isOver = isLineOver(skipBlanks(cursor));
  const place = cursor.at;
  if (isOver) {
    endOfNothing(cursor, end);
    const isBlock = cursor.indent > indent;
    places.push(isBlock ? cursor.at : place);
    return isBlock ? block(cursor, cursor.indent) : null;
  }
  places.push(place);
  const column = place - cursor.lineStart;
  if (isItem(cursor)) return list(cursor, column);
  if (readKey(cursor) === undefined) return inline(cursor, indent);
  cursor.at = place;
  return mapping(cursor, column);
}

/** A value that begins behind a key or a dash, to the next line. */
function inline(cursor: Cursor, indent: number): unknown {
  switch (cursor.text.charCodeAt(cursor.at)) {
    case CHAR.bar:
    case CHAR.greater:
      return blockText(cursor, indent);
    case CHAR.quote:
    case CHAR.apostrophe:
      return ended(cursor, quoted(cursor));
    case CHAR.openBracket:
    case CHAR.openBrace:
      return ended(cursor, flowCollection(cursor, indent));
    default:
      return plain(cursor, indent);
  }
}

function ended<T>(cursor: Cursor, value: T): T {
  endLine(cursor);
  return value;
}
