import { ConfigError } from '../core/errors.ts';
import { addLength, type LengthOfTime, parseLength } from '../core/length-of-time.ts';
import type { DayRange, SplitSpec } from './split.ts';

const DAY_MS = 86_400_000;

/** 2024-03-05, of days since 1970-01-01. */
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The length a setting of the split gives. Raises ConfigError invalid-config when it is not in whole days. */
export function lengthOf(spec: SplitSpec, key: 'validation' | 'train' | 'gap' | 'test') {
  const text = spec[key];
  if (text === undefined) return undefined;
  const length = parseLength(text);
  if (length && length.unit !== 'hour' && (length.count > 0 || key === 'gap')) return length;
  throw new ConfigError('invalid-config', `split.${key} is '${text}'`, {
    hint: "write a length in whole days: '120 days', '6 months', '1 year'",
  });
}

/** The day a length before `day`; the day itself without a length. */
export const daysBefore = (day: number, length: LengthOfTime | undefined): number =>
  length ? addLength(day * DAY_MS, length, -1) / DAY_MS : day;

/** The rows among `rows` whose day is in the range. */
export const rowsWithin = (rows: Int32Array, day: Int32Array, { from, to }: DayRange): Int32Array =>
  rows.filter((row) => (day[row] as number) >= from && (day[row] as number) < to);
