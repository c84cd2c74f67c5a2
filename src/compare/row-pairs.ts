import type { Dialect, Statement } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import { CANCELLED } from './close-values.ts';
import type { ComparedColumn } from './compared-columns.ts';
import { type DatedRows, dateOf, isOnDates } from './dated-rows.ts';

/** Two tables whose rows are laid side by side. */
export interface RowPairing {
  readonly left: Relation;
  readonly right: Relation;
  readonly columns: readonly ComparedColumn[];
  /** Positions in `columns` of those by which rows are told apart, besides the date. */
  readonly key: readonly number[];
  /** The key does not tell all rows apart: those that share one are paired in order of their inexact numbers. */
  readonly hasCopies: boolean;
  readonly dated: DatedRows;
}

/** Names in the table of differences: of a column's values, and of whether they differ. */
export const LEFT = (index: number): string => `l${index}`;
export const RIGHT = (index: number): string => `r${index}`;
export const DIFFERS = (index: number): string => `d${index}`;

/**
 * Fills `into` with the pairs of rows that differ and with rows that have no counterpart: a number `pair`, the date `on_date`,
 * `in_left`, `in_right`, and for each column its values and whether they differ (NULL where there is but one row).
 * Rows meet by a number for each key, so that NULL meets NULL in engines that cannot join by that.
 */
export function pairRows(pairing: RowPairing, into: Relation, dialect: Dialect): Statement[] {
  const { columns, hasCopies } = pairing;
  const cells = columns.flatMap(({ precision }, i) => [
    `l.c${i} as ${LEFT(i)}`,
    `r.c${i} as ${RIGHT(i)}`,
    `case when l.side = r.side - 1 then ${differs(i, precision.tolerance, precision.isNested)} end as ${DIFFERS(i)}`,
  ]);
  const scales = columns.flatMap(({ precision }, i) =>
    isInexact(precision) ? [`max(case when ${finite(`c${i}`)} then abs(c${i}) end) as m${i}`] : [],
  );
  const sql = `with sides as (
${oneSide(pairing, 'left', dialect)}
  union all
${oneSide(pairing, 'right', dialect)}
), told_apart as (
  select *, ${hasCopies ? copyNumber(pairing) : '1'} as copy from sides
), numbered as (
  select *, dense_rank() over (order by ${orderOf(pairing)}) as pair from told_apart
), scale as (
  select ${['count(*) as all_rows', ...scales].join(', ')} from sides
)
select coalesce(l.pair, r.pair) as pair, coalesce(l.on_date, r.on_date) as on_date,
  l.pair is not null as in_left, r.pair is not null as in_right,
  ${cells.join(',\n  ')}
from (select * from numbered where side = 0) as l
full join (select * from numbered where side = 1) as r on l.pair = r.pair
cross join scale`;
  const different = columns.map((_, i) => DIFFERS(i)).join(' or ');
  const filtered = `select * from (\n${sql}\n) as pairs
where not in_left or not in_right or ${different}`;
  return dialect.replaceTable(into, filtered, undefined);
}

/** The key as it groups rows: those that share one on a side make `hasCopies`. */
export function copiesOfKey(pairing: RowPairing, dialect: Dialect): Statement {
  const by = ['side', 'on_date', ...pairing.key.map((i) => `c${i}`)].join(', ');
  return `select count(*) as n from (
  select ${by} from (
${oneSide(pairing, 'left', dialect)}
  union all
${oneSide(pairing, 'right', dialect)}
  ) as sides group by ${by} having count(*) > 1
) as copies`;
}

function oneSide(pairing: RowPairing, side: 'left' | 'right', dialect: Dialect): string {
  const { columns, dated } = pairing;
  const cells = columns.map((column, i) => `${dialect.quote(column[side].name)} as c${i}`);
  const number = side === 'left' ? 0 : 1;
  return `  select ${number} as side, ${dateOf(dated, dialect)} as on_date, ${cells.join(', ')}
  from ${dialect.relation(pairing[side])} where ${isOnDates(dated, dialect)}`;
}

const isInexact = ({ tolerance, isNested }: ComparedColumn['precision']): boolean =>
  tolerance > 0 && !isNested;

/** Also false for NaN, which both engines sort above infinity. */
const finite = (value: string): string => `abs(${value}) < cast('Infinity' as double precision)`;

/** Nested values are compared as they are; who reads the table looks again at those that differ. */
function differs(index: number, tolerance: number, isNested: boolean): string {
  const [left, right] = [`l.c${index}`, `r.c${index}`];
  const distinct = `${left} is distinct from ${right}`;
  if (tolerance === 0 || isNested) return distinct;
  const allowed = `greatest(${tolerance} * abs(${left}), ${tolerance} * abs(${right}), ${CANCELLED} * scale.m${index})`;
  const close = `${finite(left)} and ${finite(right)} and abs(${left} - ${right}) <= ${allowed}`;
  return `${distinct} and not coalesce(${close}, false)`;
}

const orderOf = ({ key }: RowPairing): string =>
  ['on_date', ...key.map((i) => `c${i}`), 'copy'].join(', ');

/** Nine digits: rows of one key come in the same order on both sides, whatever the last digits of their numbers. */
function copyNumber({ columns, key }: RowPairing): string {
  const by = ['side', 'on_date', ...key.map((i) => `c${i}`)].join(', ');
  const inexact = columns.flatMap(({ precision }, i) =>
    isInexact(precision) ? [rounded(`c${i}`)] : [],
  );
  const order = inexact.length > 0 ? ` order by ${inexact.join(', ')}` : '';
  return `row_number() over (partition by ${by}${order})`;
}

function rounded(value: string): string {
  const size = `power(10, floor(log10(abs(${value}))))`;
  // Not round(value, 9): not every engine has it for doubles.
  const near = `floor(${value} / ${size} * 1e9 + 0.5) / 1e9 * ${size}`;
  return `case when ${finite(value)} and ${value} <> 0 then ${near} else ${value} end`;
}
