import * as z from 'zod';
import type { Dialect } from '../adapters/adapter.ts';

/** How tests of drift tell the newer rows from the older. */
export const periodArgs = {
  date_column: z.string(),
  /** Days of the newer period up to the newest day; without it the days are cut where half the rows are older. */
  recent_days: z.int().positive().optional(),
  /** Days of the older period; all there are unless said. */
  earlier_days: z.int().positive().optional(),
  /** Fewer rows than these in either period say nothing: the test passes. */
  min_rows: z.int().positive().default(100),
};

interface Periods {
  readonly date_column: string;
  readonly recent_days?: number | undefined;
  readonly earlier_days?: number | undefined;
}

/**
 * Common table expressions up to `periods`: the column as `value` and whether its row `is_recent`, of the rows in either
 * period. Rows without a date are in none.
 */
export function periodRows(
  { dialect, relation, column }: { dialect: Dialect; relation: string; column: string },
  { date_column, recent_days, earlier_days }: Periods,
): string {
  const last =
    recent_days === undefined
      ? 'percentile_disc(0.5) within group (order by day)'
      : `max(day) - ${recent_days}`;
  return `dated as (
  select tested.${column} as value, cast(tested.${dialect.quote(date_column)} as date) as day
  from ${relation} as tested
),
cut as (
  select ${last} as last_earlier from dated
),
periods as (
  select dated.value, dated.day > cut.last_earlier as is_recent
  from dated, cut
  where dated.day is not null${
    earlier_days === undefined ? '' : ` and dated.day > cut.last_earlier - ${earlier_days}`
  }
)`;
}

/** Rows of each period, and whether a test may speak of them. */
export const enough = (min_rows: number): string =>
  `n_earlier >= ${min_rows} and n_recent >= ${min_rows}`;

/** The two counts, of all rows or of those where a condition holds, as doubles. */
export const countsOf = (condition?: string): { earlier: string; recent: string } => {
  const count = (period: string) =>
    `cast(count(*) filter (where ${[period, condition].filter(Boolean).join(' and ')}) as double precision)`;
  return { earlier: count('not is_recent'), recent: count('is_recent') };
};
