import type { Dialect } from '../adapters/adapter.ts';
import type { Outcome } from './find-inputs.ts';

/** An input as SQL, and what makes a group of its rows. */
export interface GroupedInput {
  readonly text: string;
  readonly columns: readonly string[];
  /** At least one. */
  readonly outcomes: readonly Outcome[];
  readonly group: string;
}

/**
 * The rows of an input with its outcomes dealt out anew within each group, as a SELECT of its own columns: all outcomes
 * of a row move together, among the rows that fulfil every outcome's condition and have a group. Each order of a group
 * is as likely as any other, and equal seeds give equal rows.
 */
export function shuffledRows(
  { text, columns, outcomes, group }: GroupedInput,
  { seed, dialect }: { readonly seed: number; readonly dialect: Dialect },
): string {
  const { quote, literal } = dialect;
  const moved = new Set(outcomes.map(({ column }) => column));
  const conditions = [...new Set(outcomes.flatMap(({ when }) => when ?? []))];
  const open = [`${quote(group)} is not null`, ...conditions.map((one) => `(${one})`)];
  const texts = columns.map((name) => `cast(${quote(name)} as varchar)`);
  const place = (order: string) => `case when velo_open then row_number() over (
    partition by ${quote(group)}, velo_open order by ${order}
  ) end`;
  const items = columns.map((column) => {
    const name = quote(column);
    return moved.has(column)
      ? `case when input.velo_open then giver.${name} else input.${name} end as ${name}`
      : `input.${name}`;
  });
  // A closed row has no place, so it neither takes nor gives.
  return `with opened as (
  select *, coalesce(${open.join(' and ')}, false) as velo_open,
    md5(concat_ws('|', ${[literal(seed), ...texts].join(', ')})) as velo_draw
  from ${text} as rows_of_input
),
placed as (
  select *, ${place('velo_draw')} as velo_taker,
    ${place("md5(velo_draw || ' gives')")} as velo_giver
  from opened
)
select ${items.join(', ')}
from placed as input
left join placed as giver
  on giver.${quote(group)} = input.${quote(group)} and giver.velo_giver = input.velo_taker`;
}
