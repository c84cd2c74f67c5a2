import { builtIns } from '../built-in.ts';
import { toValue } from '../convert.ts';
import { compare, toIterable } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { isFloat, isInt } from '../python/numbers.ts';
import { toRepr, toText, typeName } from '../python/text.ts';
import { PyTuple, type Value } from '../python/types.ts';
import { spend } from '../python/work.ts';

export const jsonFilters = builtIns({
  tojson: ['value indent?', (value, indent) => htmlSafe(jsonText(value, indentText(indent)))],
  pprint: ['value', (value) => prettyRepr(value, 0)],
});

function indentText(indent: Value): string | undefined {
  return isInt(indent) ? ' '.repeat(Math.min(Number(indent), 32)) : undefined;
}

/** Python's `json.dumps`, with its spaces and its ASCII escapes; plain data is taken as it is. Raises TypeError. */
export function pythonJson(value: Value, sortKeys = false): string {
  return jsonText(toValue(value), undefined, '', sortKeys);
}

/** What writing an item counts as: a list may hold itself many times over. */
const ITEM_WORK = 32;

function jsonText(value: Value, indent?: string, margin = '', sortKeys = true): string {
  spend(ITEM_WORK);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return jsonString(value);
  if (isFloat(value)) return jsonFloat(toRepr(value));
  if (isInt(value)) return typeof value === 'bigint' ? toText(value) : String(value);
  const inner = indent === undefined ? '' : margin + indent;
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = Array.from(toIterable(value), (item) => jsonText(item, indent, inner, sortKeys));
    return bracketed('[', items, ']', indent, margin);
  }
  if (!(value instanceof Map)) {
    return raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
  }
  const pairs = sortKeys ? [...value].sort(([a], [b]) => compare(a, b)) : [...value];
  const items = pairs.map(
    ([key, item]) => `${jsonKey(key)}: ${jsonText(item, indent, inner, sortKeys)}`,
  );
  return bracketed('{', items, '}', indent, margin);
}

function bracketed(
  open: string,
  items: readonly string[],
  close: string,
  indent: string | undefined,
  margin: string,
): string {
  if (items.length === 0) return open + close;
  if (indent === undefined) return open + items.join(', ') + close;
  const lines = items.map((item) => `\n${margin}${indent}${item}`);
  return `${open}${lines.join(',')}\n${margin}${close}`;
}

function jsonFloat(text: string): string {
  return { inf: 'Infinity', '-inf': '-Infinity', nan: 'NaN' }[text] ?? text;
}

function jsonKey(key: Value): string {
  return jsonString(key === null || typeof key === 'boolean' ? String(key) : toText(key));
}

function jsonString(text: string): string {
  spend(text.length >>> 1);
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function htmlSafe(json: string): string {
  return json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

const LINE_WIDTH = 80;

/** Python's `pprint.pformat`: on one line when it fits, else an item a line. */
function prettyRepr(value: Value, column: number): string {
  const sorted = sortedKeys(value);
  const flat = toRepr(sorted);
  if (column + flat.length <= LINE_WIDTH) return flat;
  const margin = `,\n${' '.repeat(column + 1)}`;
  if (sorted instanceof Map) {
    const pairs = Array.from(sorted, ([key, item]) => {
      const name = `${toRepr(key)}: `;
      return name + prettyRepr(item, column + 1 + name.length);
    });
    return `{${pairs.join(margin)}}`;
  }
  if (!Array.isArray(sorted)) return flat;
  return `[${sorted.map((item) => prettyRepr(item, column + 1)).join(margin)}]`;
}

function sortedKeys(value: Value): Value {
  spend(ITEM_WORK);
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!(value instanceof Map)) return value;
  const pairs = Array.from(value, ([key, item]) => [key, sortedKeys(item)] as const);
  const areTexts = pairs.every(([key]) => typeof key === 'string');
  return new Map(areTexts ? pairs.sort(([a], [b]) => compare(a, b)) : pairs);
}
