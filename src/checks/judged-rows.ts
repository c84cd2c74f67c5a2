import * as z from 'zod';
import type { Dialect } from '../adapters/adapter.ts';

/** One column or several, which stand for a group of rows such as a race. */
export const columnNames = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((names) => (typeof names === 'string' ? [names] : names));

interface Judged {
  readonly dialect: Dialect;
  readonly relation: string;
  /** The prediction, quoted. */
  readonly column: string;
  readonly target: string;
  /** Columns of the relation to carry along, by the name they get. */
  readonly others?: Readonly<Record<string, string>>;
}

/**
 * A SELECT of the rows that have a prediction and an outcome: `p`, and `y` as 0 or 1 (the target may be a boolean), and
 * the other columns under their new names.
 */
export function judgedRows({ dialect, relation, column, target, others = {} }: Judged): string {
  const outcome = `tested.${dialect.quote(target)}`;
  const carried = Object.entries(others).map(
    ([name, from]) => `,\n    tested.${dialect.quote(from)} as ${name}`,
  );
  return `select
    cast(tested.${column} as double precision) as p,
    cast(${outcome} as integer) as y${carried.join('')}
  from ${relation} as tested
  where tested.${column} is not null and ${outcome} is not null`;
}

/** Names of our own for a test's columns, which may be called anything: `{ group_1: 'race_id' }`. */
export const numbered = (prefix: string, columns: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column, i) => [`${prefix}_${i + 1}`, column]));
