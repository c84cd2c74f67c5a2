/** Days since 1970-01-01 of a proleptic Gregorian date. */
export function daysOf(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.floor(date.getTime() / 86_400_000);
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilOf(days: number): CivilDate {
  const date = new Date(days * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export const MIN_DAYS = daysOf(1, 1, 1);
export const MAX_DAYS = daysOf(9999, 12, 31);

/** Monday is 0. */
export const weekdayOf = (days: number): number => (((days + 3) % 7) + 7) % 7;

export const dayOfYear = (days: number): number => days - daysOf(civilOf(days).year, 1, 1) + 1;

/** ISO year, week and day, Monday is 1. */
export function isoCalendar(days: number): readonly [year: number, week: number, day: number] {
  const weekday = weekdayOf(days);
  const { year } = civilOf(days - weekday + 3);
  const week = Math.floor((dayOfYear(days - weekday + 3) - 1) / 7) + 1;
  return [year, week, weekday + 1];
}

export const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
