import { compare } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { asNumber, isFloat, isInt } from '../python/numbers.ts';
import { toText, typeName } from '../python/text.ts';
import { isJinjaObject, PyTuple, type Value } from '../python/types.ts';
import { spend, spendOn } from '../python/work.ts';
import { floatScalar, isTyped } from './yaml-scalar.ts';

/** Columns after which a text is broken at its next space. */
const WIDTH = 80;

/** PyYAML's `safe_dump`: block style, strings plain where that keeps them strings. Raises TypeError. */
export function dumpYaml(value: Value, sortKeys: boolean): string {
  const lines = blockOf(value, '', 0, sortKeys);
  const isScalar = !(value instanceof Map) && !Array.isArray(value);
  const isPlain = isScalar && !/^['"]/.test(lines);
  return `${lines}\n${isPlain ? '...\n' : ''}`;
}

/** What writing an item counts as: a list may hold itself many times over. */
const ITEM_WORK = 8;

/** `prefix` stands on the first line already; `indent` is that of the collection around. */
function blockOf(value: Value, prefix: string, indent: number, sortKeys: boolean): string {
  spend(ITEM_WORK + indent);
  spendOn(value);
  if (value instanceof Map && value.size > 0) return mapping(value, indent, sortKeys);
  if (Array.isArray(value) && value.length > 0) return sequence(value, indent, sortKeys);
  return scalarText(value, prefix.length + indent, indent + 2);
}

const margin = (indent: number): string => ' '.repeat(indent);

function sequence(items: readonly Value[], indent: number, sortKeys: boolean): string {
  return items
    .map((item) => `- ${blockOf(item, '- ', indent + (isBlock(item) ? 2 : 0), sortKeys)}`)
    .join(`\n${margin(indent)}`);
}

const isBlock = (value: Value): boolean =>
  (value instanceof Map && value.size > 0) || (Array.isArray(value) && value.length > 0);

function mapping(dict: ReadonlyMap<Value, Value>, indent: number, sortKeys: boolean): string {
  const entries = [...dict];
  if (sortKeys) entries.sort(([a], [b]) => compare(a, b));
  return entries
    .map(([key, item]) => {
      const name = `${scalarText(key, 0, 0, false)}:`;
      if (!isBlock(item)) return `${name} ${blockOf(item, `${name} `, indent, sortKeys)}`;
      // A list stands as far left as its key.
      const inner = item instanceof Map ? indent + 2 : indent;
      return `${name}\n${margin(inner)}${blockOf(item, '', inner, sortKeys)}`;
    })
    .join(`\n${margin(indent)}`);
}

function scalarText(value: Value, column: number, indent: number, mayBreak = true): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return stringText(value, column, indent, mayBreak);
  if (isFloat(value)) return floatScalar(asNumber(value));
  if (isInt(value)) return typeof value === 'boolean' ? String(value) : toText(value);
  if (Array.isArray(value)) return '[]';
  if (value instanceof Map) return '{}';
  if (isJinjaObject(value) && /^datetime\.date/.test(value.jinjaType)) return String(value);
  if (value instanceof PyTuple) return raise('TypeError', 'a tuple is not YAML');
  return raise('TypeError', `cannot represent an object of type ${typeName(value)}`);
}

const SPECIAL = /[^\n\x20-\x7e]| \n/;

const NOT_PLAIN = /^$|^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[?:-](?:\s|$)|:(?:\s|$)|\s#|^\s|\s$|\n/;

function stringText(text: string, column: number, indent: number, mayBreak: boolean): string {
  if (SPECIAL.test(text)) return doubleQuoted(text);
  if (!NOT_PLAIN.test(text) && !isTyped(text)) {
    return mayBreak ? folded(text, column, indent) : text;
  }
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return mayBreak ? folded(quoted, column, indent) : quoted;
}

/** Breaks at single spaces beyond the width; a line break of the text is written twice. */
function folded(text: string, column: number, indent: number): string {
  let at = column;
  return text.replace(/\n+|[^ \n]+| +/g, (piece) => {
    if (piece.startsWith('\n')) {
      at = indent;
      return `\n${piece}${margin(indent)}`;
    }
    if (piece === ' ' && at > WIDTH) {
      at = indent;
      return `\n${margin(indent)}`;
    }
    at += piece.length;
    return piece;
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  const body = text.replace(/[^\x20-\x7e]|["\\]/gu, (char) => {
    const known = ESCAPES[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
  return `"${body}"`;
}
