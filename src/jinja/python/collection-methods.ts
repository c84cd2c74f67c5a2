import {
  addMember,
  compare,
  contains,
  findKey,
  hasMember,
  isEqual,
  setKey,
  toArray,
  toIterable,
} from './compare.ts';
import { raise } from './error.ts';
import { asInt, methodTable } from './method.ts';
import { sequencePair } from './sequence-pair.ts';
import { toRepr } from './text.ts';
import { DictView, isJinjaObject, isTruthy, PyTuple, type Value } from './types.ts';
import { checkItems, spend } from './work.ts';

export const listMethods = methodTable<Value[]>({
  append: ['item', (self, item) => nothing(self.push(item))],
  extend: [
    'iterable',
    (self, items) => {
      const added = toArray(items);
      checkItems(self.length + added.length);
      for (const item of added) self.push(item);
      return null;
    },
  ],
  insert: [
    'index item',
    (self, index, item) => {
      spend(self.length >>> 4);
      return nothing(self.splice(asInt(index, 0), 0, item));
    },
  ],
  pop: ['index?', (self, index) => popAt(self, asInt(index, -1))],
  remove: [
    'item',
    (self, item) => nothing(self.splice(indexOf(self, item, 'list.remove(x): x not in list'), 1)),
  ],
  index: ['item start? end?', (self, item, start, end) => listIndex(self, item, start, end)],
  count: ['item', (self, item) => countItems(self, item)],
  sort: ['key? reverse?', (self, _key, reverse) => nothing(sortItems(self, isTruthy(reverse)))],
  reverse: ['', (self) => nothing(self.reverse())],
  copy: ['', (self) => toArray(self)],
  clear: ['', (self) => nothing(self.splice(0))],
});

export const tupleMethods = methodTable<PyTuple>({
  count: ['item', (self, item) => countItems(self.items, item)],
  index: [
    'item start? end?',
    (self, item) => indexOf(self.items, item, 'tuple.index(x): x not in tuple'),
  ],
});

export const dictMethods = methodTable<Map<Value, Value>>({
  keys: ['', (self) => new DictView('keys', self)],
  values: ['', (self) => new DictView('values', self)],
  items: ['', (self) => new DictView('items', self)],
  get: ['key default?', (self, key, fallback = null) => valueOr(self, key, () => fallback)],
  pop: ['key default?', (self, key, fallback) => popKey(self, key, fallback)],
  popitem: ['', (self) => popItem(self)],
  setdefault: [
    'key default?',
    (self, key, fallback = null) =>
      valueOr(self, key, () => {
        setKey(self, key, fallback);
        return fallback;
      }),
  ],
  update: [
    'other? **kwargs',
    (self, other, kwargs) => {
      if (other !== undefined) addEntries(self, other);
      return addEntries(self, kwargs);
    },
  ],
  copy: ['', (self) => copied(self)],
  clear: ['', (self) => nothing(self.clear())],
  fromkeys: [
    'iterable value?',
    (_self, keys, value = null) => new Map(toArray(keys).map((key) => [key, value])),
  ],
});

export const setMethods = methodTable<Set<Value>>({
  add: ['item', (self, item) => nothing(addMember(self, item))],
  update: [
    '*others',
    (self, others) => {
      for (const item of allItems(others)) addMember(self, item);
      return null;
    },
  ],
  remove: [
    'item',
    (self, item) => (removeMember(self, item) ? null : raise('KeyError', toRepr(item))),
  ],
  discard: ['item', (self, item) => nothing(removeMember(self, item))],
  pop: [
    '',
    (self) => {
      const [first] = self;
      if (self.size === 0) raise('KeyError', "'pop from an empty set'");
      self.delete(first);
      return first;
    },
  ],
  clear: ['', (self) => nothing(self.clear())],
  copy: ['', (self) => setOf(self)],
  union: ['*others', (self, others) => setOf([...self, ...allItems(others)])],
  intersection: [
    '*others',
    (self, others) =>
      setOf(
        [...self].filter((item) => (others as Value[]).every((other) => contains(other, item))),
      ),
  ],
  difference: [
    '*others',
    (self, others) =>
      setOf(
        [...self].filter((item) => !(others as Value[]).some((other) => contains(other, item))),
      ),
  ],
  symmetric_difference: [
    'other',
    (self, other) =>
      setOf([
        ...[...self].filter((item) => !contains(other, item)),
        ...toArray(other).filter((item) => !hasMember(self, item)),
      ]),
  ],
  issubset: ['other', (self, other) => [...self].every((item) => contains(other, item))],
  issuperset: ['other', (self, other) => toArray(other).every((item) => hasMember(self, item))],
  isdisjoint: ['other', (self, other) => !toArray(other).some((item) => hasMember(self, item))],
});

/** None, whatever the operation answers in JavaScript. */
function nothing(_result: unknown): null {
  return null;
}

function popAt(list: Value[], index: number): Value {
  if (list.length === 0) raise('IndexError', 'pop from empty list');
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at >= list.length) raise('IndexError', 'pop index out of range');
  spend((list.length - at) >>> 4);
  return list.splice(at, 1)[0];
}

function indexOf(items: readonly Value[], item: Value, complaint: string): number {
  spend(items.length);
  const at = items.findIndex((other) => isEqual(other, item));
  return at < 0 ? raise('ValueError', complaint) : at;
}

function listIndex(list: readonly Value[], item: Value, start: Value, end: Value): number {
  const clip = (value: number) => (value < 0 ? Math.max(0, value + list.length) : value);
  const from = clip(asInt(start, 0));
  const window = list.slice(from, clip(asInt(end, list.length)));
  return from + indexOf(window, item, `${toRepr(item)} is not in list`);
}

function countItems(items: readonly Value[], item: Value): number {
  spend(items.length);
  return items.filter((other) => isEqual(other, item)).length;
}

function sortItems(list: Value[], reverse: boolean): Value[] {
  spend(list.length);
  return list.sort((a, b) => (reverse ? compare(b, a) : compare(a, b)));
}

function valueOr(dict: ReadonlyMap<Value, Value>, key: Value, fallback: () => Value): Value {
  const found = findKey(dict, key);
  return found ? dict.get(found.key) : fallback();
}

function popKey(dict: Map<Value, Value>, key: Value, fallback: Value): Value {
  const found = findKey(dict, key);
  if (!found) return fallback === undefined ? raise('KeyError', toRepr(key)) : fallback;
  const value = dict.get(found.key);
  dict.delete(found.key);
  return value;
}

function popItem(dict: Map<Value, Value>): PyTuple {
  spend(dict.size);
  const last = [...dict].at(-1);
  if (!last) raise('KeyError', "'popitem(): dictionary is empty'");
  dict.delete(last[0]);
  return new PyTuple(last);
}

/** `dict.update`: from another dict, from what has keys as a dict has, or from pairs. */
export function addEntries(dict: Map<Value, Value>, other: Value): null {
  for (const [key, value] of entriesOf(other)) setKey(dict, key, value);
  return null;
}

function* entriesOf(value: Value): Iterable<readonly [Value, Value]> {
  const entries = isJinjaObject(value) ? value.entries?.() : undefined;
  if (value instanceof Map) yield* value;
  else if (entries) yield* entries;
  else for (const [index, pair] of toArray(value).entries()) yield sequencePair(pair, index);
}

function* allItems(others: Value): Iterable<Value> {
  for (const other of others as Value[]) yield* toIterable(other);
}

function copied(dict: ReadonlyMap<Value, Value>): Map<Value, Value> {
  checkItems(dict.size);
  return new Map(dict);
}

function setOf(items: Iterable<Value>): Set<Value> {
  const set = new Set<Value>();
  for (const item of items) addMember(set, item);
  return set;
}

function removeMember(set: Set<Value>, item: Value): boolean {
  if (set.delete(item)) return true;
  const equal = [...set].find((other) => isEqual(other, item));
  return equal !== undefined && set.delete(equal);
}
