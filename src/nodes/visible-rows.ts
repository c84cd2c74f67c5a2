import type { Dialect } from '../adapters/adapter.ts';
import type { AsOf } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { addGrains, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Span } from '../core/span.ts';
import type { RelationRequest } from '../jinja/contexts/compile-context.ts';

/** The point-in-time guard: rows before the range's end, and no older than `history` before its start. */
export function visibleRows(
  asOf: AsOf,
  batch: Interval,
  column: string,
  request: RelationRequest,
  dialect: Dialect,
): string {
  const name = dialect.quote(column);
  const before = `${name} < ${dialect.instant(batch.end, asOf.grain)}`;
  if (request.history === undefined) return before;
  const start = historyStart(batch.start, request.history, request.span);
  return `${name} >= ${dialect.instant(start, asOf.grain)} and ${before}`;
}

const DAY_MS = 86_400_000;

const UNITS: Readonly<Record<string, Grain>> = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
};

/** The instant `history` ('365 days', '6 months') before `startMs`. @throws ProjectError 'as-of-config' */
export function historyStart(startMs: number, history: string, span: Span): number {
  const match = /^(\d+)\s+(hour|day|week|month|year)s?$/.exec(history.trim());
  if (!match) {
    throw new ProjectError('as-of-config', `history '${history}' is not a length of time`, {
      span,
      hint: "write it as '365 days', '52 weeks' or '6 months'",
    });
  }
  const [count, unit = ''] = [Number(match[1]), match[2]];
  return unit === 'year'
    ? addCalendar(startMs, -12 * count, 'month')
    : addCalendar(startMs, -count, UNITS[unit] ?? 'day');
}

/** Months keep the day of the month, as `date - interval` does. */
function addCalendar(startMs: number, count: number, grain: Grain): number {
  if (grain !== 'month') return addGrains(startMs, count, grain);
  const date = new Date(startMs);
  const first = addGrains(startMs, count, 'month');
  const lastDay = new Date(addGrains(first, 1, 'month') - 1).getUTCDate();
  const timeOfDayMs = startMs % DAY_MS;
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + timeOfDayMs;
}
