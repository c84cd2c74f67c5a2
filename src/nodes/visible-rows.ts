import type { Dialect } from '../adapters/adapter.ts';
import type { AsOf } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import { addLength, type LengthOfTime, parseLength } from '../core/length-of-time.ts';
import type { DatedBy } from '../core/node.ts';
import type { Span } from '../core/span.ts';
import type { RelationRequest } from '../jinja/contexts/compile-context.ts';

/**
 * The point-in-time guard: rows before the range's end (and `after` it, when the reference says so), and none older
 * than `before` its start. @throws ProjectError 'as-of-config'
 */
export function visibleRows(
  asOf: AsOf,
  batch: Interval,
  column: string,
  { window = {}, span }: RelationRequest,
  dialect: Dialect,
): string {
  const name = dialect.quote(column);
  const end = shifted(batch.end, window.after, 1, span);
  const visible = `${name} < ${literalOf(end, asOf, dialect)}`;
  if (window.before === undefined) return visible;
  const start = shifted(batch.start, window.before, -1, span);
  return `${name} >= ${literalOf(start, asOf, dialect)} and ${visible}`;
}

/** Rows of the dates of a range, no others, as a condition. */
export function onDates({ column, grain }: DatedBy, dates: Interval, dialect: Dialect): string {
  const name = dialect.quote(column);
  const [start, end] = [dates.start, dates.end].map((instant) => dialect.instant(instant, grain));
  return `${name} >= ${start} and ${name} < ${end}`;
}

const DAY_MS = 86_400_000;

/** A window in hours may begin within a day. */
const literalOf = (instantMs: number, { grain }: AsOf, dialect: Dialect): string =>
  dialect.instant(instantMs, instantMs % DAY_MS === 0 ? grain : 'hour');

const shifted = (
  instantMs: number,
  length: string | undefined,
  sign: 1 | -1,
  span: Span,
): number =>
  length === undefined ? instantMs : addLength(instantMs, lengthOf(length, span), sign);

/** A length of time of a reference. @throws ProjectError 'as-of-config' */
export function lengthOf(text: string, span: Span): LengthOfTime {
  const length = parseLength(text);
  if (length) return length;
  throw new ProjectError('as-of-config', `history '${text}' is not a length of time`, {
    span,
    hint: "write it as '365 days', '52 weeks' or '6 months'",
  });
}
