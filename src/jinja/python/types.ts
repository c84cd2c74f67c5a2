import type { Call } from '../call.ts';
import type { BinaryOperator } from '../nodes.ts';

/**
 * A Python value at run time. `null` is None; `undefined` and {@link Undefined} are Jinja2's
 * undefined; an int is a whole number or a bigint; a float is any other number or a
 * {@link PyFloat}; a list is an Array, a tuple a {@link PyTuple}, a dict a Map, a set a Set;
 * everything else is a {@link JinjaObject} or a JinjaFunction. Plain objects are not values: use `toValue`.
 */
export type Value = unknown;

/** An object of the host. A template reaches only what `getAttribute` and `getItem` return. */
export interface JinjaObject {
  /** The name Python's `type()` would show. */
  readonly jinjaType: string;
  /** Undefined when there is no such attribute. */
  getAttribute(name: string): Value;
  toString(): string;
  /** Undefined when there is no such item. */
  getItem?(key: Value): Value;
  /** Present when a `for` may walk the object. */
  iterate?(): Iterable<Value>;
  /** The test `mapping` holds, as it does for Python's own mappings. */
  readonly isMapping?: boolean;
  /** Present when `dict(x)` and `update(x)` take the object as they take a dict. */
  entries?(): Iterable<readonly [Value, Value]>;
  /** Present when the object has a length. */
  length?(): number;
  isTruthy?(): boolean;
  /** `==` with another host object; identity when absent. */
  isEqual?(other: JinjaObject): boolean;
  /** A binary operator with the object on the left, or on the right; undefined when it does not know the other. */
  binary?(operator: BinaryOperator, other: Value, side: 'left' | 'right'): Value;
  /** Unary minus, when there is one. */
  negate?(): Value;
  /** Negative, zero or positive; undefined when it is not ordered with the other. */
  order?(other: Value): number | undefined;
  /** Present on numbers: filters such as `int` and `round` take them as floats. */
  toNumber?(): number;
  /** Python's `repr` where it differs from `str`. */
  toRepr?(): string;
  /** Present when the object can be called, as dbt's `config` can. */
  call?(call: Call): Value;
}

/** A function a template can call: a macro or a function of the host. */
export class JinjaFunction {
  readonly name: string;
  readonly call: (call: Call) => Value;

  constructor(name: string, call: (call: Call) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** Jinja2's undefined with the reason, which is the message when it is used. */
export class Undefined {
  readonly reason: string;
  /** The name that was looked up, when it was a plain name. */
  readonly name: string | undefined;

  constructor(reason: string, name?: string) {
    this.reason = reason;
    this.name = name;
  }
}

export class PyTuple {
  readonly items: readonly Value[];
  /** Names of the items, for a named tuple. */
  readonly names: readonly string[];

  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** A float whose value is integral: JavaScript cannot tell 1.0 from 1. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What `namespace()` makes: the one object whose attributes a template may set. */
export class Namespace {
  readonly attributes: Map<string, Value>;

  constructor(attributes: Iterable<readonly [string, Value]>) {
    this.attributes = new Map(attributes);
  }
}

/** A Python generator: it can be walked once and has no length. */
export class PyIterator {
  readonly typeName: string;
  private readonly items: Iterator<Value>;

  constructor(items: Iterable<Value>, typeName = 'generator') {
    this.items = items[Symbol.iterator]();
    this.typeName = typeName;
  }

  [Symbol.iterator](): Iterator<Value> {
    return { next: () => this.items.next() };
  }
}

/** Python's `range` object. */
export class PyRange {
  readonly start: number;
  readonly step: number;
  readonly stop: number;
  readonly length: number;

  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  at(index: number): number {
    return this.start + index * this.step;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }
}

/** What `dict.keys()`, `.values()` and `.items()` return: a live view. */
export class DictView {
  readonly kind: 'keys' | 'values' | 'items';
  readonly dict: ReadonlyMap<Value, Value>;

  constructor(kind: 'keys' | 'values' | 'items', dict: ReadonlyMap<Value, Value>) {
    this.kind = kind;
    this.dict = dict;
  }

  *[Symbol.iterator](): Iterator<Value> {
    if (this.kind === 'keys') yield* this.dict.keys();
    else if (this.kind === 'values') yield* this.dict.values();
    else for (const pair of this.dict) yield new PyTuple(pair);
  }
}

export function isUndefined(value: Value): value is Undefined | undefined {
  return value === undefined || value instanceof Undefined;
}

export function isJinjaObject(value: Value): value is JinjaObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<JinjaObject>).jinjaType === 'string' &&
    typeof (value as Partial<JinjaObject>).getAttribute === 'function'
  );
}

/** Python's `bool()`. */
export function isTruthy(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'undefined':
      return false;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    default:
      return isTruthyObject(value);
  }
}

function isTruthyObject(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PyRange) return value.length > 0;
  if (value instanceof DictView) return value.dict.size > 0;
  if (isJinjaObject(value)) return value.isTruthy?.() ?? (value.length?.() ?? 1) > 0;
  return true;
}
