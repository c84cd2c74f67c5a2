import { applyBinary } from '../../python/arithmetic.ts';
import { toArray, toIterable } from '../../python/compare.ts';
import { raise } from '../../python/error.ts';
import { asInt } from '../../python/method.ts';
import { isTruthy, type JinjaObject, PyIterator, PyTuple, type Value } from '../../python/types.ts';
import { checkItems, spend } from '../../python/work.ts';
import { type Call, callFunction } from '../../value.ts';
import { recordValue, signedFunctions } from '../record-value.ts';

/** An endless iterator gives up here: nothing in a template needs more. */
const MOST = 1_000_000;

const endless = (): never => raise('Limit', `an iterator of more than ${MOST} items`);

const tuple = (items: readonly Value[]): PyTuple => new PyTuple(items);

const iterator = (items: Iterable<Value>, name: string): PyIterator =>
  new PyIterator(items, `itertools.${name}`);

function* count(start: Value, step: Value): Generator<Value> {
  let value = start;
  for (let made = 0; made < MOST; made += 1) {
    yield value;
    value = applyBinary('+', value, step);
  }
  endless();
}

function* cycle(items: readonly Value[]): Generator<Value> {
  if (items.length === 0) return;
  for (let made = 0; made < MOST; made += 1) yield items[made % items.length];
  endless();
}

function* repeat(item: Value, times: Value): Generator<Value> {
  const wanted = times === undefined ? Number.POSITIVE_INFINITY : asInt(times, 0);
  for (let made = 0; made < Math.min(wanted, MOST); made += 1) yield item;
  if (wanted > MOST) endless();
}

function* chain(lists: Iterable<Value>): Generator<Value> {
  for (const list of lists) yield* toIterable(list);
}

function* accumulate(items: Value, func: Value, initial: Value, call: Call): Generator<Value> {
  let total: Value = initial === null ? undefined : initial;
  if (total !== undefined) yield total;
  for (const item of toIterable(items)) {
    if (total === undefined) total = item;
    else if (func === undefined || func === null) total = applyBinary('+', total, item);
    else total = callFunction(func, call, [total, item]);
    yield total;
  }
}

function* islice(items: Value, start: number, stop: number, step: number): Generator<Value> {
  let index = 0;
  if (stop <= start) return;
  for (const item of toIterable(items)) {
    if (index >= start && (index - start) % step === 0) yield item;
    index += 1;
    if (index >= stop) return;
  }
}

function sliced(items: Value, given: readonly Value[]): Generator<Value> {
  const [first, second, step] = given;
  const end = (value: Value) => asInt(value, Number.POSITIVE_INFINITY);
  if (given.length < 2) return islice(items, 0, end(first), 1);
  return islice(items, asInt(first, 0), end(second), asInt(step, 1));
}

function* zipLongest(lists: readonly Value[], fill: Value): Generator<Value> {
  const all = lists.map(toArray);
  const length = Math.max(0, ...all.map((list) => list.length));
  for (let index = 0; index < length; index += 1) {
    yield tuple(all.map((list) => (index < list.length ? list[index] : fill)));
  }
}

function* product(lists: readonly Value[], times: number): Generator<Value> {
  checkItems(times);
  const pools = Array.from({ length: times }, () => lists.map(toArray)).flat();
  checkItems(pools.reduce((size, pool) => size * pool.length, 1));
  yield* productOf(pools, []);
}

function* productOf(pools: readonly Value[][], chosen: readonly Value[]): Generator<Value> {
  const pool = pools[chosen.length];
  if (!pool) yield tuple(chosen);
  else for (const item of pool) yield* productOf(pools, [...chosen, item]);
}

/** Choices of `size` places, by index; `from` says where the next one may start. */
function* choices(
  items: readonly Value[],
  size: number,
  allowed: (chosen: readonly number[], index: number) => boolean,
  chosen: readonly number[] = [],
): Generator<Value> {
  if (size < 0) raise('ValueError', 'r must be non-negative');
  spend(items.length + 1);
  if (chosen.length === size) {
    yield tuple(chosen.map((index) => items[index]));
    return;
  }
  for (const index of items.keys()) {
    if (allowed(chosen, index)) yield* choices(items, size, allowed, [...chosen, index]);
  }
}

function* limited(items: Iterable<Value>): Generator<Value> {
  let made = 0;
  for (const item of items) {
    made += 1;
    if (made > MOST) endless();
    yield item;
  }
}

function* starmap(func: Value, lists: Value, call: Call): Generator<Value> {
  for (const list of toIterable(lists)) yield callFunction(func, call, toArray(list));
}

/** `modules.itertools`: what dbt gives templates of it. */
export const itertoolsModule: JinjaObject = recordValue('module', {
  ...signedFunctions({
    count: ['start? step?', ({ start = 0, step = 1 }) => iterator(count(start, step), 'count')],
    cycle: ['iterable', ({ iterable }) => iterator(cycle(toArray(iterable)), 'cycle')],
    repeat: ['object times?', ({ object, times }) => iterator(repeat(object, times), 'repeat')],
    accumulate: [
      'iterable func? initial?',
      ({ iterable, func, initial = null }, call) =>
        iterator(accumulate(iterable, func, initial, call), 'accumulate'),
    ],
    compress: [
      'data selectors',
      ({ data, selectors }) => {
        const kept = toArray(selectors);
        return iterator(
          toArray(data).filter((_, index) => isTruthy(kept[index])),
          'compress',
        );
      },
    ],
    islice: [
      'iterable *range',
      ({ iterable, range }) => iterator(sliced(iterable, range as Value[]), 'islice'),
    ],
    starmap: [
      'function iterable',
      (given, call) => iterator(starmap(given['function'], given['iterable'], call), 'starmap'),
    ],
    tee: [
      'iterable n?',
      ({ iterable, n }) => {
        const items = toArray(iterable);
        checkItems(items.length * asInt(n, 2));
        return tuple(Array.from({ length: asInt(n, 2) }, () => iterator(items, '_tee')));
      },
    ],
    zip_longest: [
      '*iterables **kwargs',
      ({ iterables, kwargs }) =>
        iterator(
          zipLongest(iterables as Value[], (kwargs as Map<Value, Value>).get('fillvalue') ?? null),
          'zip_longest',
        ),
    ],
    product: [
      '*iterables **kwargs',
      ({ iterables, kwargs }) =>
        iterator(
          product(iterables as Value[], asInt((kwargs as Map<Value, Value>).get('repeat'), 1)),
          'product',
        ),
    ],
    permutations: [
      'iterable r?',
      ({ iterable, r }) => {
        const items = toArray(iterable);
        const size = asInt(r, items.length);
        const unused = (chosen: readonly number[], index: number) =>
          size <= items.length && !chosen.includes(index);
        const made = choices(items, size, unused);
        return iterator(limited(made), 'permutations');
      },
    ],
    combinations: [
      'iterable r',
      ({ iterable, r }) => {
        const items = toArray(iterable);
        const size = asInt(r, 0);
        // As many items must be left as places are.
        const later = (chosen: readonly number[], index: number) =>
          index > (chosen.at(-1) ?? -1) && items.length - index >= size - chosen.length;
        return iterator(limited(choices(items, size, later)), 'combinations');
      },
    ],
    combinations_with_replacement: [
      'iterable r',
      ({ iterable, r }) => {
        const same = (chosen: readonly number[], index: number) => index >= (chosen.at(-1) ?? 0);
        const made = choices(toArray(iterable), asInt(r, 0), same);
        return iterator(limited(made), 'combinations_with_replacement');
      },
    ],
  }),
  chain: chainClass(),
});

function chainClass(): JinjaObject {
  const make = signedFunctions({
    chain: ['*iterables', ({ iterables }) => iterator(chain(iterables as Value[]), 'chain')],
    from_iterable: ['iterable', ({ iterable }) => iterator(chain(toIterable(iterable)), 'chain')],
  });
  return recordValue(
    'type',
    { from_iterable: make['from_iterable'] },
    {
      call: (call) => (make['chain'] as { call(call: Call): Value }).call(call),
      toString: () => "<class 'itertools.chain'>",
    },
  );
}
