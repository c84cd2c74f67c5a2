import { GROUP, GROUP_DIGITS, NUMERIC_NEGATIVE } from '../../wire-type.ts';

const HEAD_BYTES = 8;

/** Bytes of the longest numeric: 39 digits and the groups they may be spread over. */
export const MOST_NUMERIC_BYTES = HEAD_BYTES + 2 * 12;

/** Groups of one number, the last one first; numbers are written one at a time. */
const groups = new Uint16Array(16);

/**
 * Writes `value` / 10^scale in the binary form of numeric at `at`: counts and sign, then groups of four digits.
 * Returns how many bytes. `value` is exact: a bigint, or a number that is a safe integer also times 1000.
 */
export function writeNumeric(
  out: DataView,
  at: number,
  value: number | bigint,
  scale: number,
): number {
  const shift = (GROUP_DIGITS - (scale % GROUP_DIGITS)) % GROUP_DIGITS;
  const count = typeof value === 'bigint' ? splitWide(value, shift) : split(value, shift);
  const fraction = Math.ceil(scale / GROUP_DIGITS);
  let first = 0;
  while (first < count && groups[first] === 0) first += 1;
  out.setInt16(at, count - first);
  out.setInt16(at + 2, count === first ? 0 : count - fraction - 1);
  out.setUint16(at + 4, value < 0 ? NUMERIC_NEGATIVE : 0);
  out.setInt16(at + 6, scale);
  let to = at + HEAD_BYTES;
  for (let group = count - 1; group >= first; group -= 1) {
    out.setUint16(to, groups[group] as number);
    to += 2;
  }
  return to - at;
}

function split(value: number, shift: number): number {
  let left = Math.abs(value) * 10 ** shift;
  let count = 0;
  for (; left > 0; count += 1) {
    const rest = Math.floor(left / GROUP);
    groups[count] = left - rest * GROUP;
    left = rest;
  }
  return count;
}

function splitWide(value: bigint, shift: number): number {
  let left = (value < 0n ? -value : value) * 10n ** BigInt(shift);
  let count = 0;
  for (; left > 0n; count += 1) {
    groups[count] = Number(left % BigInt(GROUP));
    left /= BigInt(GROUP);
  }
  return count;
}

/** The numeric of `length` bytes at `at` times 10^scale; undefined for one that is no number, or infinite. */
export function readNumeric(view: DataView, at: number, scale: number): bigint | undefined {
  const count = view.getInt16(at);
  const weight = view.getInt16(at + 2);
  const sign = view.getUint16(at + 4);
  if (sign !== 0 && sign !== NUMERIC_NEGATIVE) return undefined;
  let value = 0n;
  for (let group = 0; group < count; group += 1) {
    value = value * BigInt(GROUP) + BigInt(view.getUint16(at + HEAD_BYTES + 2 * group));
  }
  // Of 10^-4 each that stands after the point.
  const power = scale + GROUP_DIGITS * (weight - count + 1);
  value = power >= 0 ? value * 10n ** BigInt(power) : value / 10n ** BigInt(-power);
  return sign === 0 ? value : -value;
}
