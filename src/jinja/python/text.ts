import { raise } from './error.ts';
import { floatText, isFloat } from './numbers.ts';
import {
  DictView,
  isJinjaObject,
  isUndefined,
  JinjaFunction,
  Namespace,
  PyFloat,
  PyIterator,
  PyRange,
  PyTuple,
  type Value,
} from './types.ts';
import { spend } from './work.ts';

/** Python's `str()`. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (isUndefined(value)) return '';
  return isJinjaObject(value) ? value.toString() : toRepr(value);
}

/** Python's `repr()`. */
export function toRepr(value: Value): string {
  switch (typeof value) {
    case 'string':
      return stringRepr(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value);
    case 'bigint':
      return bigintText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'undefined':
      return 'Undefined';
    default:
      return objectRepr(value);
  }
}

/** Python writes and reads no longer ints in decimals: it takes too long. */
export const MAX_DIGITS = 4_300;

const LONGEST_INT = 10n ** BigInt(MAX_DIGITS);

function bigintText(value: bigint): string {
  if (value < LONGEST_INT && value > -LONGEST_INT) return String(value);
  return raise(
    'ValueError',
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`,
  );
}

/** What writing an item counts as: a list may hold itself many times over. */
const ITEM_WORK = 32;

function objectRepr(value: Value): string {
  if (value === null) return 'None';
  spend(ITEM_WORK);
  if (Array.isArray(value)) return `[${value.map(toRepr).join(', ')}]`;
  if (value instanceof Map) return `{${entriesRepr(value)}}`;
  if (value instanceof PyTuple) return tupleRepr(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof Set) {
    return value.size === 0 ? 'set()' : `{${[...value].map(toRepr).join(', ')}}`;
  }
  return isUndefined(value) ? 'Undefined' : rareRepr(value);
}

function rareRepr(value: Value): string {
  if (value instanceof DictView)
    return `dict_${value.kind}([${[...value].map(toRepr).join(', ')}])`;
  if (value instanceof PyRange) {
    const step = value.step === 1 ? '' : `, ${value.step}`;
    return `range(${value.start}, ${value.stop}${step})`;
  }
  if (value instanceof Namespace) return `<Namespace {${entriesRepr(value.attributes)}}>`;
  if (value instanceof PyIterator) return `<${value.typeName} object>`;
  if (value instanceof JinjaFunction) return `<Macro ${stringRepr(value.name)}>`;
  if (!isJinjaObject(value)) return '<object>';
  return value.toRepr?.() ?? value.toString();
}

function tupleRepr(tuple: PyTuple): string {
  const comma = tuple.items.length === 1 ? ',' : '';
  return `(${tuple.items.map(toRepr).join(', ')}${comma})`;
}

function entriesRepr(entries: ReadonlyMap<Value, Value>): string {
  return Array.from(entries, ([key, value]) => `${toRepr(key)}: ${toRepr(value)}`).join(', ');
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\\]|[^\S ]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const PLAIN = /^[ !#-&(-[\]-~]*$/;

function stringRepr(text: string): string {
  spend(1 + (text.length >>> 1));
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, escapeChar);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapeChar(char: string): string {
  const short = SHORT_ESCAPES[char];
  if (short) return short;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** The name of a value's Python type, as its messages show it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'number':
      return isFloat(value) ? 'float' : 'int';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      return objectTypeName(value);
  }
}

const CLASS_NAMES = [
  [Array, 'list'],
  [Map, 'dict'],
  [Set, 'set'],
  [PyTuple, 'tuple'],
  [PyFloat, 'float'],
  [PyRange, 'range'],
  [Namespace, 'Namespace'],
  [JinjaFunction, 'Macro'],
] as const;

function objectTypeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (isUndefined(value)) return 'Undefined';
  if (value instanceof DictView) return `dict_${value.kind}`;
  if (value instanceof PyIterator) return value.typeName;
  const known = CLASS_NAMES.find(([type]) => value instanceof type);
  if (known) return known[1];
  return isJinjaObject(value) ? value.jinjaType : 'object';
}
