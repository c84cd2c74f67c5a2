import { isInt } from './python/numbers.ts';
import { toText } from './python/text.ts';
import {
  DictView,
  isJinjaObject,
  isUndefined,
  PyFloat,
  PyRange,
  PyTuple,
  type Value,
} from './python/types.ts';
import { spend } from './python/work.ts';

/** What turning a collection over counts as: a list may hold itself many times over. */
const ITEM_WORK = 8;

/** A value of JSON or YAML as a Python value: objects become dicts, deeply; dates their ISO text. */
export function toValue(js: unknown): Value {
  if (js === null || typeof js !== 'object') return js === undefined ? null : js;
  spend(ITEM_WORK);
  if (Array.isArray(js)) return js.map(toValue);
  if (js instanceof Date) return js.toISOString();
  if (js instanceof Map) return new Map(Array.from(js, ([key, value]) => [key, toValue(value)]));
  const prototype: unknown = Object.getPrototypeOf(js);
  if (prototype !== Object.prototype && prototype !== null) return js;
  // Among plain data there may be values already, such as a datetime.
  if (isJinjaObject(js as Value)) return js as Value;
  return new Map(Object.entries(js).map(([key, value]) => [key, toValue(value)]));
}

/**
 * A Python value as plain data: dicts become objects (keys as text), tuples, sets, ranges and
 * views arrays, ints numbers when they are safe, undefined null. Host objects stay as they are.
 */
export function toPlain(value: Value): unknown {
  if (isUndefined(value)) return null;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof PyFloat) return value.value;
  spend(ITEM_WORK);
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof PyTuple) return value.items.map(toPlain);
  if (value instanceof Set || value instanceof PyRange || value instanceof DictView) {
    return Array.from(value, toPlain);
  }
  if (!(value instanceof Map)) return value;
  // fromEntries defines own properties, so a key such as __proto__ is only data.
  return Object.fromEntries(Array.from(value, ([key, item]) => [keyText(key), toPlain(item)]));
}

/** JSON's spelling of a key, which is Python's `json.dumps`: True is "true", None is "null". */
function keyText(key: Value): string {
  if (key === null || typeof key === 'boolean') return String(key);
  return isInt(key) ? String(key) : toText(key);
}
