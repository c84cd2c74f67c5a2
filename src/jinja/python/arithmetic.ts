import type { BinaryOperator } from '../nodes.ts';
import { failUndefined } from './compare.ts';
import { raise } from './error.ts';
import {
  asNumber,
  type Float,
  floatValue,
  type Int,
  isFloat,
  isInt,
  isNumber,
  normalizeInt,
  numeric,
} from './numbers.ts';
import { percentFormat } from './percent-format.ts';
import { typeName } from './text.ts';
import { isJinjaObject, PyTuple, type Value } from './types.ts';
import { checkItems, checkSize, spend } from './work.ts';

type PyNumber = Int | Float | boolean;

/** Bits an int may have: beyond, it is refused instead of eating the memory. */
const MAX_BITS = 1_000_000;

/** From here on an int costs more than one step. */
const LARGE = 1n << 4_096n;

/** What arithmetic with a large int counts as. */
const LARGE_WORK = 5_000;

let largest: bigint | undefined;

/** The result of arithmetic: the operands were no larger than allowed, so it is not much larger itself. */
function largeInt(value: bigint): Int {
  if (value < LARGE && value > -LARGE) return normalizeInt(value);
  largest ??= 1n << BigInt(MAX_BITS);
  if (value > largest || value < -largest) raise('Limit', 'the number is too large');
  spend(LARGE_WORK);
  return value;
}

/** Bits of a number, from above. */
function bitsOf(value: Int): number {
  if (typeof value === 'number') return Math.ceil(Math.log2(Math.abs(value) + 1));
  return value.toString(16).length * 4;
}

/** A binary operator of Python. */
export function applyBinary(operator: BinaryOperator, a: Value, b: Value): Value {
  const text = operator === '%' && typeof a === 'string';
  if (text) return percentFormat(a, b);
  if (isNumber(a) && isNumber(b)) return NUMERIC[operator](a, b);
  const object = objectBinary(operator, a, b);
  if (object !== undefined) return object;
  const other = operator === '+' ? concatenate(a, b) : undefined;
  const result = operator === '*' ? repeat(a, b) : other;
  return result === undefined ? failOperands(operator, a, b) : result;
}

function objectBinary(operator: BinaryOperator, a: Value, b: Value): Value {
  const left = isJinjaObject(a) ? a.binary?.(operator, b, 'left') : undefined;
  if (left !== undefined) return left;
  return isJinjaObject(b) ? b.binary?.(operator, a, 'right') : undefined;
}

const NUMERIC: Readonly<Record<BinaryOperator, (a: PyNumber, b: PyNumber) => Value>> = {
  '+': (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    ),
  '-': (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x - y,
      (x, y) => x - y,
    ),
  '*': (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x * y,
      (x, y) => x * y,
    ),
  '/': (a, b) => {
    const divisor = asNumber(b);
    if (divisor === 0) raise('ZeroDivisionError', zeroDivision(a, b, 'division by zero'));
    return floatValue(asNumber(a) / divisor);
  },
  '//': (a, b) => {
    if (asNumber(b) === 0) {
      raise('ZeroDivisionError', zeroDivision(a, b, 'integer division or modulo by zero'));
    }
    if (isFloat(a) || isFloat(b)) return floatValue(Math.floor(asNumber(a) / asNumber(b)));
    const x = BigInt(numeric(a));
    const y = BigInt(numeric(b));
    return normalizeInt((x - bigModulo(x, y)) / y);
  },
  '%': (a, b) => {
    if (asNumber(b) === 0) {
      raise('ZeroDivisionError', zeroDivision(a, b, 'integer modulo by zero', 'float modulo'));
    }
    if (isFloat(a) || isFloat(b)) return floatValue(modulo(asNumber(a), asNumber(b)));
    return normalizeInt(bigModulo(BigInt(numeric(a)), BigInt(numeric(b))));
  },
  '**': power,
};

function arithmetic(
  a: PyNumber,
  b: PyNumber,
  numbers: (x: number, y: number) => number,
  bigints: (x: bigint, y: bigint) => bigint,
): Value {
  if (isFloat(a) || isFloat(b)) return floatValue(numbers(asNumber(a), asNumber(b)));
  const x = numeric(a);
  const y = numeric(b);
  if (typeof x === 'number' && typeof y === 'number') {
    const result = numbers(x, y);
    // + 0 turns -0 (0 * -1) into the int 0.
    if (Number.isSafeInteger(result)) return result + 0;
  }
  return largeInt(bigints(BigInt(x), BigInt(y)));
}

function zeroDivision(a: PyNumber, b: PyNumber, int: string, float?: string): string {
  if (!isFloat(a) && !isFloat(b)) return int;
  return (
    float ??
    (int.startsWith('division') ? 'float division by zero' : 'float floor division by zero')
  );
}

/** The remainder with the sign of the divisor. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

function bigModulo(x: bigint, y: bigint): bigint {
  const rest = x % y;
  return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest;
}

function power(a: PyNumber, b: PyNumber): Value {
  if (isFloat(a) || isFloat(b) || asNumber(b) < 0) {
    if (asNumber(a) === 0 && asNumber(b) < 0) {
      raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
    }
    return floatValue(asNumber(a) ** asNumber(b));
  }
  const base = numeric(a);
  const isUnit = typeof base === 'number' && Math.abs(base) <= 1;
  if (!isUnit && bitsOf(base) * asNumber(b) > MAX_BITS) raise('Limit', 'the power is too large');
  const result = asNumber(a) ** asNumber(b);
  if (Number.isSafeInteger(result)) return result;
  return largeInt(BigInt(base) ** BigInt(numeric(b)));
}

function concatenate(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    checkSize(a.length + b.length, Math.min(a.length, b.length));
    return a + b;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    checkItems(a.length + b.length);
    return [...a, ...b];
  }
  if (a instanceof PyTuple && b instanceof PyTuple) {
    checkItems(a.items.length + b.items.length);
    return new PyTuple([...a.items, ...b.items]);
  }
  if (typeof a === 'string' && b !== undefined) {
    failUndefined(b);
    raise('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
  }
  if (Array.isArray(a)) {
    failUndefined(b);
    raise('TypeError', `can only concatenate list (not "${typeName(b)}") to list`);
  }
  return undefined;
}

function repeat(a: Value, b: Value): Value {
  if (isInt(a) && !isInt(b)) return repeat(b, a);
  if (!isInt(b)) return undefined;
  const times = Math.max(0, asNumber(b));
  if (typeof a === 'string') {
    checkSize(a.length * times);
    return a.repeat(times);
  }
  if (Array.isArray(a)) return repeatItems(a, times);
  return a instanceof PyTuple ? new PyTuple(repeatItems(a.items, times)) : undefined;
}

function repeatItems(items: readonly Value[], times: number): Value[] {
  checkItems(items.length * times);
  return Array.from({ length: items.length * times }, (_, index) => items[index % items.length]);
}

function failOperands(operator: BinaryOperator, a: Value, b: Value): never {
  failUndefined(a);
  failUndefined(b);
  const shown = operator === '**' ? '** or pow()' : operator;
  const types = `'${typeName(a)}' and '${typeName(b)}'`;
  return raise('TypeError', `unsupported operand type(s) for ${shown}: ${types}`);
}

/** Unary minus or plus. */
export function applySign(sign: '-' | '+', value: Value): Value {
  if (!isNumber(value)) {
    failUndefined(value);
    if (isJinjaObject(value) && value.negate) return sign === '+' ? value : value.negate();
    return raise('TypeError', `bad operand type for unary ${sign}: '${typeName(value)}'`);
  }
  if (sign === '+') return typeof value === 'boolean' ? numeric(value) : value;
  if (isFloat(value)) return floatValue(-asNumber(value));
  const number = numeric(value);
  return typeof number === 'bigint' ? normalizeInt(-number) : 0 - number;
}
