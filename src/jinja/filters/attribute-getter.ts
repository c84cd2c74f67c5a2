import { getItem } from '../python/access.ts';
import { compare } from '../python/compare.ts';
import { isInt } from '../python/numbers.ts';
import { toText } from '../python/text.ts';
import { isUndefined, type Value } from '../python/types.ts';

/** Reads `a.b.0` of an item, as filters with an `attribute` do; the item itself without one. */
export function attributeGetter(attribute: Value, fallback?: Value): (item: Value) => Value {
  if (attribute === undefined || attribute === null) return (item) => item;
  const path = isInt(attribute) ? [attribute] : toText(attribute).split('.').map(partOf);
  return (item) => {
    let value = item;
    for (const part of path) {
      value = getItem(value, part);
      if (isUndefined(value) && fallback !== undefined && fallback !== null) value = fallback;
    }
    return value;
  };
}

function partOf(part: string): Value {
  return /^\d+$/.test(part) ? Number(part) : part;
}

/** Text in lower case, so that case does not count; other values as they are. */
export function foldCase(value: Value): Value {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** What to compare items by: an attribute, text without case unless it counts. */
export function sortKey(attribute: Value, caseSensitive: boolean): (item: Value) => Value {
  const get = attributeGetter(attribute);
  return caseSensitive ? get : (item) => foldCase(get(item));
}

/** A sorted copy; equal items keep their order, also when it is reversed. */
export function sortedBy(
  items: readonly Value[],
  key: (item: Value) => Value,
  reverse = false,
): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}
