import { addGrains, type Grain } from './grain.ts';

/** A length of time as people write it: `365 days`, `6 months`. Months are calendar months. */
export interface LengthOfTime {
  readonly count: number;
  readonly unit: Grain;
}

/** `365 days`, `52 weeks`, `1 year`; undefined for anything else. */
export function parseLength(text: string): LengthOfTime | undefined {
  const match = /^(\d+)\s+(hour|day|week|month|year)s?$/.exec(text.trim());
  if (!match) return undefined;
  const count = Number(match[1]);
  return match[2] === 'year'
    ? { count: 12 * count, unit: 'month' }
    : { count, unit: match[2] as Grain };
}

const DAY_MS = 86_400_000;

/** `sign` lengths from an instant, as SQL adds an interval: months keep the day of the month where they have it. */
export function addLength(instantMs: number, { count, unit }: LengthOfTime, sign: 1 | -1): number {
  if (unit !== 'month') return addGrains(instantMs, sign * count, unit);
  const first = addGrains(instantMs, sign * count, 'month');
  const lastDay = new Date(addGrains(first, 1, 'month') - 1).getUTCDate();
  const timeOfDayMs = ((instantMs % DAY_MS) + DAY_MS) % DAY_MS;
  return first + (Math.min(new Date(instantMs).getUTCDate(), lastDay) - 1) * DAY_MS + timeOfDayMs;
}

/**
 * How far around the range being built an input is seen, as the reference says it: `history='365 days'` is
 * `{ before: '365 days' }`. Absent: everything before the range's end, nothing after it.
 */
export interface InputWindow {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Equal for windows that show the same. */
export const windowKey = (window: InputWindow | undefined): string =>
  window === undefined ? '' : `${window.before ?? ''}/${window.after ?? ''}`;
