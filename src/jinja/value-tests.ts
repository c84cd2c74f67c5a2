import { type BuiltIn, builtIns } from './built-in.ts';
import { applyBinary } from './python/arithmetic.ts';
import { compare, contains, isEqual } from './python/compare.ts';
import { isFloat, isInt, isNumber } from './python/numbers.ts';
import { toText } from './python/text.ts';
import { textMethods } from './python/text-methods.ts';
import {
  DictView,
  isJinjaObject,
  isUndefined,
  JinjaFunction,
  PyIterator,
  PyRange,
  PyTuple,
  type Value,
} from './python/types.ts';

const isMapping = (value: Value): boolean =>
  value instanceof Map || (isJinjaObject(value) && value.isMapping === true);

const comparisons = {
  eq: (a: Value, b: Value) => isEqual(a, b),
  ne: (a: Value, b: Value) => !isEqual(a, b),
  lt: (a: Value, b: Value) => compare(a, b, '<') < 0,
  le: (a: Value, b: Value) => compare(a, b, '<=') <= 0,
  gt: (a: Value, b: Value) => compare(a, b, '>') > 0,
  ge: (a: Value, b: Value) => compare(a, b, '>=') >= 0,
};

const ALIASES: Readonly<Record<string, keyof typeof comparisons>> = {
  equalto: 'eq',
  '==': 'eq',
  '!=': 'ne',
  lessthan: 'lt',
  '<': 'lt',
  '<=': 'le',
  greaterthan: 'gt',
  '>': 'gt',
  '>=': 'ge',
};

/** Jinja2's tests of values; `filter` and `test`, which know the tables, are in built-ins.ts. */
export const VALUE_TESTS: ReadonlyMap<string, BuiltIn> = new Map([
  ...builtIns(
    {
      boolean: ['value', (value) => typeof value === 'boolean'],
      callable: ['value', isCallable],
      defined: ['value', (value) => !isUndefined(value)],
      undefined: ['value', (value) => isUndefined(value)],
      divisibleby: ['value num', (value, by) => isZero(applyBinary('%', value, by))],
      even: ['value', (value) => isZero(applyBinary('%', value, 2))],
      odd: ['value', (value) => isEqual(applyBinary('%', value, 2), 1)],
      escaped: ['value', () => false],
      false: ['value', (value) => value === false],
      true: ['value', (value) => value === true],
      none: ['value', (value) => value === null],
      float: ['value', (value) => isFloat(value)],
      integer: ['value', (value) => isInt(value) && typeof value !== 'boolean'],
      number: ['value', (value) => isNumber(value)],
      string: ['value', (value) => typeof value === 'string'],
      mapping: ['value', isMapping],
      sequence: ['value', isSequence],
      iterable: ['value', isIterable],
      in: ['value seq', (value, seq) => contains(seq, value)],
      sameas: ['value other', (value, other) => value === other],
      lower: ['value', (value) => textMethods.get('islower')?.run(toText(value), [])],
      upper: ['value', (value) => textMethods.get('isupper')?.run(toText(value), [])],
    },
    'test_',
  ),
  ...Object.entries(comparisons).flatMap(([name, run]) =>
    builtIns({ [name]: ['a b', run] }, 'test_'),
  ),
  ...Object.entries(ALIASES).flatMap(([name, of]) =>
    builtIns({ [name]: ['a b', comparisons[of]] }, 'test_'),
  ),
]);

function isZero(value: Value): boolean {
  return isEqual(value, 0);
}

function isCallable(value: Value): boolean {
  return value instanceof JinjaFunction || (isJinjaObject(value) && value.call !== undefined);
}

function isSequence(value: Value): boolean {
  return (
    typeof value === 'string' ||
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof PyTuple ||
    value instanceof PyRange ||
    isUndefined(value) ||
    (isJinjaObject(value) && value.length !== undefined && value.getItem !== undefined)
  );
}

function isIterable(value: Value): boolean {
  return (
    (isSequence(value) && !isJinjaObject(value)) ||
    value instanceof Set ||
    value instanceof DictView ||
    value instanceof PyIterator ||
    (isJinjaObject(value) && value.iterate !== undefined)
  );
}
