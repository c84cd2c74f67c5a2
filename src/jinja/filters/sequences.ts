import { type BuiltInEntries, builtIns } from '../built-in.ts';
import { getAttribute } from '../python/access.ts';
import { compare, failUndefined, isEqual, isPlainKey, toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { asInt } from '../python/method.ts';
import { characters, textLength } from '../python/slice.ts';
import { toText, typeName } from '../python/text.ts';
import { joinTexts } from '../python/text-methods.ts';
import {
  DictView,
  isJinjaObject,
  isTruthy,
  isUndefined,
  PyIterator,
  PyRange,
  PyTuple,
  Undefined,
  type Value,
} from '../python/types.ts';
import { checkItems, spend } from '../python/work.ts';
import { attributeGetter, foldCase, sortedBy, sortKey } from './attribute-getter.ts';

const entries: BuiltInEntries = {
  attr: ['obj name', (obj, name) => getAttribute(obj, toText(name))],
  batch: [
    'value linecount fill_with?',
    (value, size, fill) => new PyIterator(batches(toArray(value), asInt(size, 1), fill)),
  ],
  default: ['value default_value? boolean?', orDefault],
  d: ['value default_value? boolean?', orDefault],
  dictsort: ['value case_sensitive? by? reverse?', dictSort],
  first: ['seq', (seq) => firstOf(toArray(seq), 'No first item, sequence was empty.')],
  last: ['seq', lastOf],
  groupby: ['value attribute default? case_sensitive?', groupBy],
  items: ['value', itemsOf],
  join: [
    'value d? attribute?',
    (value, glue = '', attribute) =>
      joinTexts(toText(glue), toArray(value).map(attributeGetter(attribute)).map(toText)),
  ],
  length: ['object', lengthOf],
  count: ['object', lengthOf],
  list: ['value', (value) => toArray(value)],
  max: [
    'value case_sensitive? attribute?',
    (value, sensitive, attribute) => extreme(value, sensitive, attribute, 1),
  ],
  min: [
    'value case_sensitive? attribute?',
    (value, sensitive, attribute) => extreme(value, sensitive, attribute, -1),
  ],
  random: [
    'seq',
    () =>
      raise(
        'TemplateRuntimeError',
        'the random filter is not supported: a template must render the same text every time',
      ),
  ],
  reverse: ['value', reversed],
  slice: [
    'value slices fill_with?',
    (value, count, fill) => new PyIterator(slices(toArray(value), asInt(count, 1), fill)),
  ],
  sort: ['value reverse? case_sensitive? attribute?', sort],
  unique: [
    'value case_sensitive? attribute?',
    (value, sensitive, attribute) =>
      new PyIterator(uniqueItems(toArray(value), sortKey(attribute, isTruthy(sensitive)))),
  ],
};

export const sequenceFilters = builtIns(entries);

function orDefault(value: Value, fallback: Value = '', whenFalse?: Value): Value {
  return isUndefined(value) || (isTruthy(whenFalse) && !isTruthy(value)) ? fallback : value;
}

function batches(items: readonly Value[], size: number, fill: Value): Value[][] {
  checkItems(size);
  const rows: Value[][] = [];
  for (let at = 0; at < items.length; at += Math.max(1, size)) {
    rows.push(items.slice(at, at + Math.max(1, size)));
  }
  const last = rows.at(-1);
  if (last && fill !== undefined && fill !== null) while (last.length < size) last.push(fill);
  return rows;
}

function slices(items: readonly Value[], count: number, fill: Value): Value[][] {
  if (count <= 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
  checkItems(count);
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, longer);
    const slice = items.slice(start, start + size + (index < longer ? 1 : 0));
    if (fill !== undefined && fill !== null && index >= longer && longer > 0) slice.push(fill);
    return slice;
  });
}

function dictSort(value: Value, sensitive: Value, by: Value = 'key', reverse?: Value): Value[] {
  if (by !== 'key' && by !== 'value') {
    raise('FilterArgumentError', 'You can only sort by either "key" or "value"');
  }
  failUndefined(value);
  const at = by === 'key' ? 0 : 1;
  const pairs = toArray(itemsOf(value)) as PyTuple[];
  const key = (pair: Value): Value => {
    const part = (pair as PyTuple).items[at];
    return isTruthy(sensitive) ? part : foldCase(part);
  };
  return sortedBy(pairs, key, isTruthy(reverse));
}

function itemsOf(value: Value): Value {
  if (isUndefined(value)) return new PyIterator([]);
  if (value instanceof Map) return new PyIterator(new DictView('items', value));
  return raise('TypeError', 'Can only get item pairs from a mapping.');
}

function firstOf(items: readonly Value[], absent: string): Value {
  return items.length === 0 ? new Undefined(absent) : items[0];
}

function lastOf(seq: Value): Value {
  if (seq instanceof PyIterator || seq instanceof Set) {
    raise('TypeError', `'${typeName(seq)}' object is not reversible`);
  }
  return firstOf(toArray(seq).reverse(), 'No last item, sequence was empty.');
}

function reversed(value: Value): Value {
  if (typeof value === 'string') return [...characters(value)].reverse().join('');
  return new PyIterator(toArray(value).reverse(), 'list_reverseiterator');
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return textLength(value);
  if (Array.isArray(value) || value instanceof PyRange) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof DictView) return value.dict.size;
  if (isUndefined(value)) return 0;
  const length = isJinjaObject(value) ? value.length?.() : undefined;
  return length ?? raise('TypeError', `object of type '${typeName(value)}' has no len()`);
}

function groupBy(value: Value, attribute: Value, fallback: Value, sensitive: Value): Value[] {
  const shown = attributeGetter(attribute, fallback);
  const key = isTruthy(sensitive) ? shown : (item: Value) => foldCase(shown(item));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortedBy(toArray(value), key)) {
    const last = groups.at(-1);
    if (last && isEqual(last.key, key(item))) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return groups.map(({ items }) => new PyTuple([shown(items[0]), items], ['grouper', 'list']));
}

function extreme(value: Value, sensitive: Value, attribute: Value, sign: 1 | -1): Value {
  const key = sortKey(attribute, isTruthy(sensitive));
  const items = toArray(value);
  if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.');
  return items.reduce((best, item) => (compare(key(item), key(best)) * sign > 0 ? item : best));
}

function sort(value: Value, reverse: Value, sensitive: Value, attribute: Value): Value[] {
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = attributes.map((name) => sortKey(name, isTruthy(sensitive)));
  const [only] = keys;
  const key = keys.length === 1 && only ? only : (item: Value) => keys.map((get) => get(item));
  return sortedBy(toArray(value), key, isTruthy(reverse));
}

function uniqueItems(items: readonly Value[], key: (item: Value) => Value): Value[] {
  const seen = new Set<Value>();
  const others: Value[] = [];
  return items.filter((item) => {
    const wanted = key(item);
    if (seen.has(wanted)) return false;
    if (isPlainKey(wanted) && others.length === 0) {
      seen.add(wanted);
      return true;
    }
    spend(others.length + (isPlainKey(wanted) ? 0 : seen.size));
    const isKnown = (other: Value) => isEqual(other, wanted);
    if (others.some(isKnown) || (!isPlainKey(wanted) && [...seen].some(isKnown))) return false;
    if (isPlainKey(wanted)) seen.add(wanted);
    else others.push(wanted);
    return true;
  });
}
