import type { Dialect } from '../adapters/adapter.ts';
import type { SharedColumn } from './shared-columns.ts';

/** Two tables in one engine, their columns `c0`, `c1`, …, and how their rows meet. */
export interface RowMatching {
  readonly here: string;
  readonly there: string;
  readonly columns: readonly SharedColumn[];
  /** Positions of the columns that tell rows apart; undefined: rows meet by all that is exact, copy by copy. */
  readonly key: readonly number[] | undefined;
}

/** A column of the tables, and in the table of differences its values and whether they differ. */
export const CELL = (index: number): string => `c${index}`;
export const HERE = (index: number): string => `l${index}`;
export const THERE = (index: number): string => `r${index}`;
export const DIFFERS = (index: number): string => `d${index}`;

/**
 * A SELECT with the rows that differ: `pair`, a number; `in_here`, `in_there`; for each column its values on both sides and
 * whether they differ (NULL where there is but one row). The engine joins by hashes, which it can do beyond its memory.
 */
export function differingRows(matching: RowMatching, dialect: Dialect): string {
  const { columns, here, there } = matching;
  const cells = columns.flatMap((column, i) => [
    `l.${CELL(i)} as ${HERE(i)}`,
    `r.${CELL(i)} as ${THERE(i)}`,
    `case when l.velo_here and r.velo_here then ${differs(column, i)} end as ${DIFFERS(i)}`,
  ]);
  const different = columns.map((_, i) => DIFFERS(i)).join(' or ');
  return `select row_number() over () as pair, * from (
  select coalesce(l.velo_here, false) as in_here, coalesce(r.velo_here, false) as in_there,
    ${cells.join(',\n    ')}
  from (${side(matching, here, dialect)}) as l
  full join (${side(matching, there, dialect)}) as r on ${meet(matching)}
) as pairs
where not in_here or not in_there or ${different}`;
}

/** Positions of the columns whose values must be the same to the letter. */
export const exactColumns = (columns: readonly SharedColumn[]): readonly number[] =>
  columns.flatMap(({ tolerance, isDocument }, i) => (tolerance === 0 && !isDocument ? [i] : []));

function side({ columns, key }: RowMatching, table: string, dialect: Dialect): string {
  if (key) return `select *, true as velo_here from ${table}`;
  const exact = exactColumns(columns).map((i) => ({
    name: CELL(i),
    type: dialect.wireTypeName(columns[i]?.type ?? { kind: 'text' }),
  }));
  const hash = exact.length > 0 ? dialect.comparing.rowHash(exact) : '0';
  const inexact = columns.flatMap(({ tolerance, type }, i) =>
    tolerance > 0 && !type.isList ? [rounded(CELL(i))] : [],
  );
  const order = inexact.length > 0 ? ` order by ${inexact.join(', ')}` : '';
  return `select *, true as velo_here, row_number() over (partition by velo_hash${order}) as velo_copy
    from (select *, ${hash} as velo_hash from ${table}) as hashed`;
}

const meet = ({ key }: RowMatching): string =>
  key
    ? key.map((i) => `l.${CELL(i)} is not distinct from r.${CELL(i)}`).join(' and ')
    : 'l.velo_hash = r.velo_hash and l.velo_copy = r.velo_copy';

/** False for NaN, too, which sorts above infinity. */
const finite = (value: string): string => `abs(${value}) < cast('Infinity' as double precision)`;

function differs({ tolerance, type }: SharedColumn, index: number): string {
  const [left, right] = [`l.${CELL(index)}`, `r.${CELL(index)}`];
  const distinct = `${left} is distinct from ${right}`;
  if (tolerance === 0 || type.isList) return distinct;
  const allowed = `${tolerance} * greatest(1, abs(${left}), abs(${right}))`;
  const close = `${finite(left)} and ${finite(right)} and abs(${left} - ${right}) <= ${allowed}`;
  return `${distinct} and not coalesce(${close}, false)`;
}

/** Seven digits: copies come in the same order on both sides, whatever the last digits of their numbers. */
function rounded(value: string): string {
  const size = `power(10, floor(log10(abs(${value}))))`;
  const near = `floor(${value} / ${size} * 1e7 + 0.5) / 1e7 * ${size}`;
  return `case when ${finite(value)} and ${value} <> 0 then ${near} else ${value} end`;
}
