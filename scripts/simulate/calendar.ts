/** Days are counted from 1970-01-01, minutes of a day from midnight UTC. */
const DAY_MS = 86_400_000;

/** Day number of a date. `month` is 1…12. */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** `2024-01-15`. */
export function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** `2024-01-15 14:30`; minutes outside 0…1439 fall on a neighbouring day. */
export function isoMinute(day: number, minute: number): string {
  return new Date(day * DAY_MS + minute * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: number): number {
  return (day + 4) % 7;
}

/** Share of the year gone by, in [0, 1). */
export function yearShare(day: number): number {
  return (day - dayNumber(yearOf(day), 1, 1)) / 366;
}

/** 1 in mid January, 0 in mid July, straight lines between. */
export function winterness(day: number): number {
  const fromJanuary = Math.abs(yearShare(day) - 0.04);
  return Math.abs(1 - 2 * Math.min(fromJanuary, 1));
}
