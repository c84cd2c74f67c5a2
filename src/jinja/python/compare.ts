import { raise } from './error.ts';
import { isNumber, numeric } from './numbers.ts';
import { typeName } from './text.ts';
import {
  DictView,
  isJinjaObject,
  isUndefined,
  PyFloat,
  PyIterator,
  PyRange,
  PyTuple,
  type Value,
} from './types.ts';
import { spend, spendOn } from './work.ts';

/** Python's `==`. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return numericEqual(a, b);
  if (isUndefined(a)) return isUndefined(b);
  if (Array.isArray(a)) return Array.isArray(b) && areItemsEqual(a, b);
  if (a instanceof PyTuple) return b instanceof PyTuple && areItemsEqual(a.items, b.items);
  if (a instanceof Map) return b instanceof Map && areDictsEqual(a, b);
  if (a instanceof Set) {
    return b instanceof Set && a.size === b.size && [...a].every((item) => hasMember(b, item));
  }
  if (a instanceof PyRange) return b instanceof PyRange && areItemsEqual([...a], [...b]);
  return areObjectsEqual(a, b);
}

function areObjectsEqual(a: Value, b: Value): boolean {
  if (isJinjaObject(a) && isJinjaObject(b) && a.isEqual) return a.isEqual(b);
  if (isJinjaObject(a) && a.order) return a.order(b) === 0;
  return isJinjaObject(b) && b.order?.(a) === 0;
}

function numericEqual(a: Parameters<typeof numeric>[0], b: typeof a): boolean {
  const x = numeric(a);
  const y = numeric(b);
  // biome-ignore lint/suspicious/noDoubleEquals: compares a bigint with a number by value
  return x == y;
}

function areItemsEqual(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  spend(a.length);
  return a.every((item, index) => isEqual(item, b[index]));
}

function areDictsEqual(a: ReadonlyMap<Value, Value>, b: ReadonlyMap<Value, Value>): boolean {
  if (a.size !== b.size) return false;
  spend(a.size);
  for (const [key, value] of a) {
    const other = findKey(b, key);
    if (other === undefined || !isEqual(value, b.get(other.key))) return false;
  }
  return true;
}

/** Negative, zero or positive, as Python orders two values; a TypeError when it does not. */
export function compare(a: Value, b: Value, operator = '<'): number {
  if (isNumber(a) && isNumber(b)) return numericOrder(a, b);
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b);
  const left = sequenceItems(a);
  const right = sequenceItems(b);
  if (left && right && Array.isArray(a) === Array.isArray(b)) {
    return sequenceOrder(left, right, operator);
  }
  const order = objectOrder(a, b);
  if (order !== undefined) return order;
  failUndefined(a);
  failUndefined(b);
  return raise(
    'TypeError',
    `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function objectOrder(a: Value, b: Value): number | undefined {
  if (isJinjaObject(a) && a.order) return a.order(b);
  const turned = isJinjaObject(b) ? b.order?.(a) : undefined;
  return turned === undefined ? undefined : -turned;
}

function numericOrder(a: Parameters<typeof numeric>[0], b: typeof a): number {
  const x = numeric(a);
  const y = numeric(b);
  if (x < y) return -1;
  return x > y ? 1 : 0;
}

/** By code point: UTF-16 order differs for characters beyond the first plane. */
function textOrder(a: string, b: string): number {
  if (a === b) return 0;
  if (!hasSurrogates(a) && !hasSurrogates(b)) return a < b ? -1 : 1;
  const left = Array.from(a, (char) => char.codePointAt(0) ?? 0);
  const right = Array.from(b, (char) => char.codePointAt(0) ?? 0);
  return sequenceOrder(left, right, '<');
}

function sequenceOrder(a: readonly Value[], b: readonly Value[], operator: string): number {
  const length = Math.min(a.length, b.length);
  spend(length);
  for (let index = 0; index < length; index += 1) {
    if (!isEqual(a[index], b[index])) return compare(a[index], b[index], operator);
  }
  return a.length - b.length;
}

function sequenceItems(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : undefined;
}

export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** Raises UndefinedError when the value is undefined. */
export function failUndefined(value: Value): void {
  if (isUndefined(value)) raise('UndefinedError', value?.reason ?? 'a value is undefined');
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') return textContains(container, item);
  if (container instanceof Map) return findKey(container, item) !== undefined;
  if (container instanceof Set) return hasMember(container, item);
  if (container instanceof DictView && container.kind === 'keys') {
    return findKey(container.dict, item) !== undefined;
  }
  if (isUndefined(container)) return false;
  return anyEqual(toIterable(container, 'argument of type'), item);
}

function textContains(text: string, item: Value): boolean {
  spendOn(text);
  if (typeof item === 'string') return text.includes(item);
  failUndefined(item);
  const type = typeName(item);
  return raise('TypeError', `'in <string>' requires string as left operand, not ${type}`);
}

function anyEqual(items: Iterable<Value>, wanted: Value): boolean {
  for (const item of items) {
    spend(1);
    if (isEqual(item, wanted)) return true;
  }
  return false;
}

/** What a `for` walks over. Undefined is empty; other things that cannot be walked raise TypeError. */
export function toIterable(value: Value, complaint?: string): Iterable<Value> {
  if (Array.isArray(value) || typeof value === 'string') return value as Iterable<Value>;
  if (value instanceof Map) return value.keys();
  if (value instanceof PyTuple) return value.items;
  if (
    value instanceof Set ||
    value instanceof PyRange ||
    value instanceof DictView ||
    value instanceof PyIterator
  ) {
    return value;
  }
  if (isUndefined(value)) return [];
  if (isJinjaObject(value) && value.iterate) return value.iterate();
  const type = `'${typeName(value)}'`;
  return raise(
    'TypeError',
    complaint ? `${complaint} ${type} is not iterable` : `${type} object is not iterable`,
  );
}

export function toArray(value: Value): Value[] {
  const items = Array.isArray(value) ? [...value] : Array.from(toIterable(value));
  spend(items.length);
  return items;
}

/** The key a dict holds for `key`: 1, 1.0 and True are one key, tuples compare by value. */
export function findKey(
  dict: ReadonlyMap<Value, unknown>,
  key: Value,
): { readonly key: Value } | undefined {
  if (dict.has(key)) return { key };
  return findEqual(dict, dict.keys(), key);
}

export function hasMember(set: ReadonlySet<Value>, item: Value): boolean {
  return set.has(item) || findEqual(set, set, item) !== undefined;
}

type Keyed = ReadonlyMap<Value, unknown> | ReadonlySet<Value>;

/** Whether no value of another type equals it, so that a Map finds it by itself: text and None, and ints among their own. */
export function isPlainKey(key: Value): boolean {
  return typeof key === 'string' || key === null || (typeof key === 'number' && key % 1 === 0);
}

/** Sizes at which collections were known to hold plain keys only; keys are added by this file, or by making a new collection. */
const plainSizes = new WeakMap<Keyed, number>();

function holdsPlainKeys(keyed: Keyed): boolean {
  if (plainSizes.get(keyed) === keyed.size) return true;
  spend(keyed.size);
  for (const key of keyed.keys()) if (!isPlainKey(key)) return false;
  plainSizes.set(keyed, keyed.size);
  return true;
}

function findEqual(
  keyed: Keyed,
  keys: Iterable<Value>,
  key: Value,
): { readonly key: Value } | undefined {
  // Text equals only text.
  if (typeof key === 'string' || key === null) return undefined;
  checkHashable(key);
  if (isPlainKey(key) && holdsPlainKeys(keyed)) return undefined;
  spend(keyed.size);
  for (const other of keys) if (isEqual(other, key)) return { key: other };
  return undefined;
}

export function setKey(dict: Map<Value, Value>, key: Value, value: Value): void {
  const held = findKey(dict, key)?.key;
  const wasPlain = plainSizes.get(dict) === dict.size;
  dict.set(held ?? key, value);
  noteKey(dict, key, wasPlain);
}

export function addMember(set: Set<Value>, item: Value): void {
  if (hasMember(set, item)) return;
  const wasPlain = plainSizes.get(set) === set.size;
  set.add(item);
  noteKey(set, item, wasPlain);
}

/** A key that is not plain may take the place of one that was, at the same size. */
function noteKey(keyed: Keyed, key: Value, wasPlain: boolean): void {
  if (!isPlainKey(key)) plainSizes.delete(keyed);
  else if (wasPlain) plainSizes.set(keyed, keyed.size);
}

function checkHashable(key: Value): void {
  if (Array.isArray(key) || key instanceof Map || key instanceof Set) {
    raise('TypeError', `unhashable type: '${typeName(key)}'`);
  }
  if (key instanceof PyFloat) return;
  if (key instanceof PyTuple) key.items.forEach(checkHashable);
}
