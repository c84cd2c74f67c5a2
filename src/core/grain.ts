import type { Interval } from './interval.ts';

export const GRAINS = ['hour', 'day', 'week', 'month'] as const;

/** Length of one as_of step. Weeks begin on Monday; all grains are cut in UTC, so no day has 23 or 25 hours. */
export type Grain = (typeof GRAINS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const MONDAY_MS = 4 * DAY_MS; // 1970-01-05

/** The start of the grain that holds `instantMs`. */
export function floorToGrain(instantMs: number, grain: Grain): number {
  if (grain === 'month') {
    const date = new Date(instantMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  if (grain === 'week') return Math.floor((instantMs - MONDAY_MS) / WEEK_MS) * WEEK_MS + MONDAY_MS;
  const lengthMs = grain === 'hour' ? HOUR_MS : DAY_MS;
  return Math.floor(instantMs / lengthMs) * lengthMs;
}

/** The start of the grain `count` grains after the one that begins at `startMs`. */
export function addGrains(startMs: number, count: number, grain: Grain): number {
  if (grain === 'month') {
    const date = new Date(startMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  }
  return startMs + count * (grain === 'hour' ? HOUR_MS : grain === 'day' ? DAY_MS : WEEK_MS);
}

/** How many grains `interval` holds; its ends must lie on grain boundaries. */
export function countGrains({ start, end }: Interval, grain: Grain): number {
  if (grain === 'month') {
    const [a, b] = [new Date(start), new Date(end)];
    return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  }
  return Math.round(
    (end - start) / (grain === 'hour' ? HOUR_MS : grain === 'day' ? DAY_MS : WEEK_MS),
  );
}

/** Cuts `interval` into pieces of `count` grains, the last one shorter. */
export function splitByGrains(interval: Interval, count: number, grain: Grain): Interval[] {
  const pieces: Interval[] = [];
  for (let start = interval.start; start < interval.end; ) {
    const end = Math.min(addGrains(start, count, grain), interval.end);
    pieces.push({ start, end });
    start = end;
  }
  return pieces;
}

/** `2024-01-31`, or `2024-01-31 13:00` for hours. */
export function formatInstant(instantMs: number, grain: Grain): string {
  const iso = new Date(instantMs).toISOString();
  return grain === 'hour' ? `${iso.slice(0, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
}

/** First and last grain of a half-open interval as people say it: `2024-01-01 … 2024-01-31`. */
export function formatInterval(interval: Interval, grain: Grain): string {
  const first = formatInstant(interval.start, grain);
  const last = formatInstant(addGrains(interval.end, -1, grain), grain);
  return first === last ? first : `${first} … ${last}`;
}

/** Epoch milliseconds of `2024-01-31` or `2024-01-31 13:00` (UTC), or undefined when it is no such date. */
export function parseInstant(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::00)?)?$/.exec(text.trim());
  if (!match) return undefined;
  const instantMs = Date.parse(`${match[1]}T${match[2] ?? '00:00'}:00Z`);
  if (Number.isNaN(instantMs)) return undefined;
  const exists = new Date(instantMs).toISOString().startsWith(match[1] ?? '');
  return exists ? instantMs : undefined;
}
