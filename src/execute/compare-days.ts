import type { Connection, Dialect } from '../adapters/adapter.ts';
import { type Interval, mergeIntervals } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { LedgerTables } from '../state/ledger-schema.ts';

const DAY_MS = 86_400_000;

/** The column that says when a node's row is from. */
const timeOf = ({ id, asOf, eventTime }: Node): string => {
  const column = asOf?.column ?? eventTime;
  if (column === undefined) throw new Error(`${id} has no event_time`);
  return column;
};

/** Where rows are compared with what was seen of them before. */
export interface DayComparison {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly tables: LedgerTables;
}

/** The days on which `rows`, a SELECT of a node's rows, differ from those last seen. @throws DatabaseError */
export async function differingDays(
  node: Node,
  rows: string,
  { connection, dialect, tables }: DayComparison,
): Promise<Interval[]> {
  return diffWith(dialect.digestByDay(rows, timeOf(node)), node, { connection, dialect, tables });
}

async function diffWith(
  days: string,
  node: Node,
  { connection, dialect, tables }: DayComparison,
): Promise<Interval[]> {
  const found = await connection.query(`with
days_now as (
${days}
),
days_seen as (
  select at_day, row_count, digest from ${dialect.relation(tables.days)}
  where ${isOf(node, dialect)}
)
select cast(coalesce(days_now.at_day, days_seen.at_day) as varchar) as at_day
from days_now
full join days_seen on days_now.at_day = days_seen.at_day
where days_now.row_count is distinct from days_seen.row_count
  or days_now.digest is distinct from days_seen.digest`);
  return mergeIntervals(
    found.map((row) => {
      const start = Date.parse(`${String(row['at_day'])}T00:00:00Z`);
      return { start, end: start + DAY_MS };
    }),
  );
}

/** Remembers the days of `rows` and tells which differ from those seen before; inside a transaction. @throws DatabaseError */
export async function rememberDays(
  node: Node,
  rows: string,
  { connection, dialect, tables }: DayComparison,
): Promise<Interval[]> {
  const now = dialect.quote('velo_days_now');
  const days = dialect.relation(tables.days);
  const [id, place] = [dialect.literal(node.id), dialect.literal(node.place)];
  await connection.execute(
    `create temporary table ${now} as ${dialect.digestByDay(rows, timeOf(node))}`,
  );
  const differing = await diffWith(`select * from ${now}`, node, { connection, dialect, tables });
  await connection.execute(`delete from ${days} where ${isOf(node, dialect)}`);
  await connection.execute(
    `insert into ${days} (node, place, at_day, row_count, digest)
select ${id}, ${place}, at_day, row_count, digest from ${now}`,
  );
  await connection.execute(`drop table ${now}`);
  return differing;
}

const isOf = ({ id, place }: Node, dialect: Dialect): string =>
  `node = ${dialect.literal(id)} and place = ${dialect.literal(place)}`;
