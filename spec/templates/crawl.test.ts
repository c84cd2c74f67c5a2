import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VeloError } from '../../src/core/errors.ts';
import { callValue } from '../../src/jinja/call.ts';
import type { Context } from '../../src/jinja/context.ts';
import { GLOBALS } from '../../src/jinja/globals.ts';
import { getAttribute, getItem } from '../../src/jinja/python/access.ts';
import { PythonError } from '../../src/jinja/python/error.ts';
import {
  DictView,
  isJinjaObject,
  JinjaFunction,
  Namespace,
  PyFloat,
  PyIterator,
  PyRange,
  PyTuple,
  Undefined,
  type Value,
} from '../../src/jinja/python/types.ts';
import { MacroReturn, Suspend } from '../../src/jinja/signals.ts';
import { phaseContexts } from './phase-contexts.ts';

const SOURCES = fileURLToPath(new URL('../../src/jinja', import.meta.url));

const DANGEROUS = [
  ...['constructor', 'prototype', '__proto__', '__defineGetter__', '__lookupGetter__'],
  ...['hasOwnProperty', 'isPrototypeOf', 'toString', 'valueOf', 'toLocaleString', 'toJSON'],
  ...['call', 'apply', 'bind', 'caller', 'callee', 'arguments', 'length', 'size', 'then'],
  ...['process', 'globalThis', 'global', 'require', 'module', 'Function', 'Reflect', 'Symbol'],
  ...['getAttribute', 'getItem', 'iterate', 'jinjaType', 'run', 'signature', 'toPlain'],
  ...['__class__', '__globals__', '__init__', '__mro__', '__subclasses__', '__builtins__'],
];

/** Every word of the language's own sources: whatever an object answers to is spelled there. */
function dictionary(): readonly string[] {
  const words = new Set(DANGEROUS);
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    for (const [word] of readFileSync(join(SOURCES, file), 'utf8').matchAll(/[A-Za-z_]\w+/g)) {
      words.add(word);
    }
  }
  return [...words];
}

const WORDS = dictionary();

/** The classes of values; anything else is JavaScript's own. */
const CLASSES = [
  ...[PyTuple, PyFloat, PyRange, PyIterator, DictView, Namespace, JinjaFunction, Undefined],
];
const PLAIN_PROTOTYPES: ReadonlySet<object> = new Set([
  Array.prototype,
  Map.prototype,
  Set.prototype,
]);

function isValue(value: Value): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (PLAIN_PROTOTYPES.has(value)) return false;
  if (PLAIN_PROTOTYPES.has(Object.getPrototypeOf(value))) return true;
  if (CLASSES.some((type) => value === type.prototype)) return false;
  return CLASSES.some((type) => value instanceof type) || isJinjaObject(value);
}

/** What a template sees when an operation fails. */
const isOurs = (error: unknown): boolean =>
  [VeloError, PythonError, MacroReturn, Suspend].some((type) => error instanceof type);

const MAX_DEPTH = 6;
const MOST_OF_A_TYPE = 12;

class Crawler {
  readonly faults: string[] = [];
  readonly reached = new Set<string>();
  calls = 0;
  private readonly context: Context;
  private readonly seen = new Set<Value>();
  private readonly followed = new Map<string, number>();
  private readonly called = new Set<string>();

  constructor(context: Context) {
    this.context = context;
  }

  visit(value: Value, path: string, depth = 0): void {
    if (!isValue(value)) {
      this.faults.push(`${path} is ${Object.prototype.toString.call(value)}`);
      return;
    }
    const isSimple = typeof value !== 'object' || value === null || value instanceof Undefined;
    if (isSimple || this.seen.has(value) || depth > MAX_DEPTH) return;
    this.seen.add(value);
    this.follow(value, path, depth);
    if (value instanceof JinjaFunction || (isJinjaObject(value) && value.call)) {
      this.call(value, path, depth);
    }
    for (const item of this.itemsOf(value)) this.visit(item, `${path}[…]`, depth + 1);
  }

  /** By attribute and by item, under every word. Of many objects of a type only the first ones are followed. */
  private follow(value: Value, path: string, depth: number): void {
    const type = isJinjaObject(value) ? value.jinjaType : (value as object).constructor.name;
    const before = this.followed.get(type) ?? 0;
    const most = isJinjaObject(value) ? MOST_OF_A_TYPE : 1;
    if (before >= MOST_OF_A_TYPE) return;
    this.followed.set(type, before + 1);
    const own = Object.getOwnPropertyNames(value as object).filter((name) => !/^\d/.test(name));
    for (const name of new Set([...(before < most ? WORDS : DANGEROUS), ...own])) {
      for (const read of [getAttribute, getItem]) {
        const answer = this.attempt(`${path}.${name}`, () => read(value, name));
        if (answer === undefined || answer instanceof Undefined) continue;
        this.reached.add(`${type}.${name}`);
        this.visit(answer, `${path}.${name}`, depth + 1);
      }
    }
  }

  private call(callee: Value, path: string, depth: number): void {
    // `x(…).y` of one function is the same as of another call of it.
    const kind = path.split('.').slice(-2).join('.');
    if (this.called.has(kind)) return;
    this.called.add(kind);
    const span = { file: 'a.sql', line: 1, column: 1 };
    const lists: readonly (readonly Value[])[] = [
      ...[[], ['a'], [1], ['__proto__'], ['a', 'b'], [['a', 'b']], [new Map([['__proto__', 1]])]],
      ...[['{"__proto__": {"polluted": 1}}'], ['constructor', 'prototype'], ['a', 'b', 'c']],
      ...[[this.context.lookup('this')], [2024, 1, 1], [callee], [[[1, 2]], 1], ['(a)', 'a']],
      ...[
        [this.context.lookup('this'), this.context.lookup('this')],
        [null, null],
        [new PyFloat(1)],
      ],
    ];
    const named: readonly ReadonlyMap<string, Value>[] = [
      new Map(),
      new Map<string, Value>([
        ['__proto__', new Map([['polluted', 1]])],
        ['constructor', 1],
      ]),
    ];
    for (const args of lists) {
      for (const kwargs of named) {
        const kwargSpan = () => span;
        const { context } = this;
        this.calls += 1;
        const result = this.attempt(`${path}(${args.map(String).join()})`, () =>
          callValue(callee, { args, kwargs, span, kwargSpan, context }),
        );
        this.visit(result, `${path}(…)`, depth + 1);
      }
    }
  }

  private itemsOf(value: Value): readonly Value[] {
    if (Array.isArray(value)) return value.slice(0, 20);
    if (value instanceof PyTuple) return value.items.slice(0, 20);
    if (value instanceof Map) return [...value.keys(), ...value.values()].slice(0, 40);
    if (value instanceof Namespace) return [...value.attributes.values()];
    const items: Value[] = [];
    const isIterable =
      value instanceof Set || value instanceof PyIterator || value instanceof DictView;
    const walked = isIterable ? value : isJinjaObject(value) ? value.iterate?.() : undefined;
    if (!walked) return items;
    this.attempt('iterating', () => {
      for (const item of walked) if (items.push(item) === 20) break;
    });
    return items;
  }

  /** The answer of an operation; a failure must be one of those a template sees. */
  private attempt(path: string, work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      if (!isOurs(error))
        this.faults.push(`${path} throws ${(error as Error).stack?.slice(0, 300)}`);
      if (error instanceof MacroReturn) return error.value;
      return undefined;
    }
  }
}

const PROTOTYPES = [Object, Function, Array, Map, Set, String, Number, Promise, RegExp].map(
  (type) => type.prototype as object,
);

const shapes = () => PROTOTYPES.map((prototype) => Object.getOwnPropertyNames(prototype).join());

describe('nothing a template can reach is JavaScript', () => {
  test.each(['parse', 'compile', 'run'] as const)('%s', (phase) => {
    const before = shapes();
    const context = phaseContexts()[phase];
    const crawler = new Crawler(context);
    const names = new Set([...(context.names?.() ?? []), 'context', 'toolbox', 'dbt']);
    for (const name of names) crawler.visit(context.lookup(name), name);
    for (const [name, value] of GLOBALS) crawler.visit(value, name);
    for (const name of DANGEROUS) expect(context.lookup(name), name).toBeUndefined();
    expect(crawler.faults).toEqual([]);
    expect(shapes()).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    // It went somewhere: dbt's context alone has a hundred functions.
    expect(crawler.reached.size).toBeGreaterThan(200);
    expect(crawler.calls).toBeGreaterThan(2_000);
  });
});
