import { type BuiltInEntries, builtIns } from '../built-in.ts';
import { applyBinary, applySign } from '../python/arithmetic.ts';
import { compare, failUndefined, toIterable } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { fixedText } from '../python/float-format.ts';
import { asInt } from '../python/method.ts';
import {
  asNumber,
  floatValue,
  isFloat,
  isInt,
  isNumber,
  normalizeInt,
  numeric,
} from '../python/numbers.ts';
import { MAX_DIGITS, typeName } from '../python/text.ts';
import { isJinjaObject, isTruthy, PyFloat, type Value } from '../python/types.ts';
import { attributeGetter } from './attribute-getter.ts';

const entries: BuiltInEntries = {
  abs: ['x', (x) => (isNumber(x) && compare(x, 0) < 0 ? applySign('-', x) : applySign('+', x))],
  int: ['value default? base?', toInt],
  float: ['value default?', toFloat],
  round: ['value precision? method?', round],
  sum: ['iterable attribute? start?', sum],
  filesizeformat: ['value binary?', fileSize],
};

export const numberFilters = builtIns(entries);

function toInt(value: Value, fallback: Value = 0, base: Value = 10): Value {
  failUndefined(value);
  if (typeof value === 'string') return intOfText(value, asInt(base, 10)) ?? fallback;
  if (isInt(value)) return numeric(value);
  if (isJinjaObject(value) && value.toNumber) return toInt(floatValue(value.toNumber()), fallback);
  if (!isFloat(value) || !Number.isFinite(asNumber(value))) return fallback;
  return normalizeInt(BigInt(Math.trunc(asNumber(value))));
}

const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

/** Digits of a number of base 2, 8 or 16. */
const MAX_LONG = 250_000;

function intOfText(text: string, base: number): Value {
  const plain = text.trim().replace(/(?<=[\da-z])_(?=[\da-z])/gi, '');
  const prefix = PREFIXES[base];
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = plain.replace(/^[+-]/, '').toLowerCase();
  const bare = prefix && digits.startsWith(prefix) ? digits.slice(2) : digits;
  const allowed = new RegExp(`^[${'0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)}]+$`);
  const isReadable = prefix !== undefined || bare.length <= MAX_DIGITS;
  if (isReadable && allowed.test(bare)) {
    return normalizeInt(sign * digitsValue(bare, base));
  }
  const float = floatOfText(text);
  return float !== undefined && Number.isFinite(float)
    ? normalizeInt(BigInt(Math.trunc(float)))
    : undefined;
}

function digitsValue(digits: string, base: number): bigint {
  const prefix = base === 10 ? '' : PREFIXES[base];
  if (digits.length > MAX_LONG) raise('Limit', 'the number is too large');
  if (prefix !== undefined) return BigInt(prefix + digits);
  let value = 0n;
  for (const digit of digits) {
    value = value * BigInt(base) + BigInt(Number.parseInt(digit, 36));
  }
  return value;
}

function toFloat(value: Value, fallback: Value = new PyFloat(0)): Value {
  failUndefined(value);
  if (isNumber(value)) return floatValue(asNumber(value));
  if (isJinjaObject(value) && value.toNumber) return floatValue(value.toNumber());
  const number = typeof value === 'string' ? floatOfText(value) : undefined;
  return number === undefined ? fallback : floatValue(number);
}

const FLOAT_TEXT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i;

function floatOfText(text: string): number | undefined {
  const plain = text.trim();
  if (FLOAT_TEXT.test(plain)) return Number(plain.replaceAll('_', ''));
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (!special) return undefined;
  if (/^nan$/i.test(special[2] ?? '')) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function round(value: Value, precision: Value, method: Value = 'common'): Value {
  const digits = asInt(precision, 0);
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    raise('FilterArgumentError', 'method must be common, ceil or floor');
  }
  failUndefined(value);
  if (isJinjaObject(value) && value.toNumber) {
    return round(floatValue(value.toNumber()), precision, method);
  }
  if (!isNumber(value)) {
    return raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  }
  if (method !== 'common') {
    const scale = 10 ** digits;
    const scaled = asNumber(value) * scale;
    return floatValue((method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
  }
  if (isFloat(value)) return floatValue(roundFloat(asNumber(value), digits));
  if (digits >= 0) return numeric(value);
  // Beyond the digits an int may have everything rounds to 0.
  return roundInt(BigInt(numeric(value)), 10n ** BigInt(Math.min(-digits, MAX_ROUND)));
}

/** More decimals than the largest int has. */
const MAX_ROUND = 400_000;

function roundFloat(value: number, digits: number): number {
  if (digits >= 0) return Number.isFinite(value) ? Number(fixedText(value, digits)) : value;
  if (digits < -308) return 0 * value;
  const scale = 10 ** -digits;
  return Number(fixedText(value / scale, 0)) * scale;
}

/** To a multiple of `unit`; the even one when two are as near. */
function roundInt(value: bigint, unit: bigint): Value {
  const rest = ((value % unit) + unit) % unit;
  const low = value - rest;
  const goesUp = rest * 2n > unit || (rest * 2n === unit && (low / unit) % 2n !== 0n);
  return normalizeInt(goesUp ? low + unit : low);
}

function sum(items: Value, attribute: Value, start: Value = 0): Value {
  const get = attributeGetter(attribute);
  let total = start;
  for (const item of toIterable(items)) total = applyBinary('+', total, get(item));
  return total;
}

function bytesOf(value: Value): number {
  failUndefined(value);
  if (isNumber(value)) return asNumber(value);
  if (typeof value !== 'string') {
    const type = typeName(value);
    return raise('TypeError', `float() argument must be a string or a real number, not '${type}'`);
  }
  return floatOfText(value) ?? raise('ValueError', `could not convert string to float: '${value}'`);
}

const DECIMAL_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(value: Value, binary: Value): string {
  const bytes = bytesOf(value);
  const base = isTruthy(binary) ? 1024 : 1000;
  const units = isTruthy(binary) ? BINARY_UNITS : DECIMAL_UNITS;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const found = units.findIndex((_, index) => bytes < base ** (index + 2));
  const index = found < 0 ? units.length - 1 : found;
  return `${fixedText((base * bytes) / base ** (index + 2), 1)} ${units[index]}`;
}
