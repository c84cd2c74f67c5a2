import { PyFloat, type Value } from './types.ts';

export type Int = number | bigint;
export type Float = number | PyFloat;

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The int as a number when it is safe, else as a bigint: one form for every value. */
export function normalizeInt(value: bigint): Int {
  return value >= -MAX_SAFE && value <= MAX_SAFE ? Number(value) : value;
}

/** The float as a value: integral ones are boxed. */
export function floatValue(value: number): Float {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** The value of an int literal: decimal or with 0x, 0o, 0b. */
export function intValue(text: string): Int {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : normalizeInt(BigInt(text));
}

export function isFloat(value: Value): value is Float {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** Also for booleans, which Python counts as ints. */
export function isInt(value: Value): value is Int | boolean {
  return (
    (typeof value === 'number' && Number.isInteger(value)) ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  );
}

export function isNumber(value: Value): value is Int | Float | boolean {
  return typeof value === 'number' || value instanceof PyFloat || isInt(value);
}

/** A Python number as one of JavaScript's: bigints stay. */
export function numeric(value: Int | Float | boolean): Int {
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

/** A Python number as a JavaScript number; large ints lose digits. */
export function asNumber(value: Int | Float | boolean): number {
  return Number(numeric(value));
}

/** Python's `repr` of a float: the shortest digits, an exponent from 1e16 and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}
