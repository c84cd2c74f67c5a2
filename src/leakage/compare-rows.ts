import type { Connection, Dialect, Row } from '../adapters/adapter.ts';
import type { Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Relation } from '../core/relation.ts';
import type { ResultColumn } from '../core/result-table.ts';

/** Two builds of the rows of one as_of day. */
export interface TwoBuilds {
  readonly before: Relation;
  readonly after: Relation;
  readonly asOfColumn: string;
  readonly grain: Grain;
  readonly day: Interval;
  /** Tells the rows of the day apart; empty when nothing does. */
  readonly key: readonly string[];
  /** Columns that may differ: the model's own outcomes and labels. */
  readonly excepted: ReadonlySet<string>;
  /** Rows that are only in `before` are no difference. */
  readonly mayLack: boolean;
}

/** Rows of `after` that are not those of `before`. */
export interface Difference {
  readonly rows: number;
  /** Columns whose values differ; empty when whole rows came or went. */
  readonly columns: readonly string[];
  /** A few of the rows: the key, and the value of a column in both builds. */
  readonly examples: readonly Example[];
}

export interface Example {
  readonly key: Row;
  readonly column: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
}

const EXAMPLES = 3;

/** Sums of one column in another order differ in their last bits; nothing that matters is as small. */
const TOLERANCE = '1e-9';

/** What differs, or undefined. Sums of floats in another order are no difference, and NULLs are equal. @throws DatabaseError */
export async function compareRows(
  builds: TwoBuilds,
  connection: Connection,
  dialect: Dialect,
): Promise<Difference | undefined> {
  const { table } = await connection.fetch(
    `select * from ${dialect.relation(builds.before)} limit 0`,
  );
  const key = builds.key.filter((name) => table.columns.some((column) => column.name === name));
  const compared = table.columns.filter(
    ({ name }) => !key.includes(name) && !builds.excepted.has(name),
  );
  return (await isUnique(key, builds, connection, dialect))
    ? byKey(key, compared, builds, connection, dialect)
    : asWholeRows([...key.map((name) => ({ name, kind: 'text' as const })), ...compared], builds, connection, dialect);
}

type Compared = Pick<ResultColumn, 'name' | 'kind'>;

async function isUnique(
  key: readonly string[],
  builds: TwoBuilds,
  connection: Connection,
  dialect: Dialect,
): Promise<boolean> {
  if (key.length === 0) return false;
  const names = key.map(dialect.quote).join(', ');
  for (const relation of [builds.before, builds.after]) {
    const sql = `select 1 from ${dayOf(relation, builds, dialect)} as rows_of_day group by ${names} having count(*) > 1 limit 1`;
    if ((await connection.query(sql)).length > 0) return false;
  }
  return true;
}

function dayOf(relation: Relation, { asOfColumn, day, grain }: TwoBuilds, dialect: Dialect): string {
  const column = dialect.quote(asOfColumn);
  const [start, end] = [dialect.instant(day.start, grain), dialect.instant(day.end, grain)];
  return `(select * from ${dialect.relation(relation)} where ${column} >= ${start} and ${column} < ${end})`;
}

async function byKey(
  key: readonly string[],
  compared: readonly Compared[],
  builds: TwoBuilds,
  connection: Connection,
  dialect: Dialect,
): Promise<Difference | undefined> {
  const { quote } = dialect;
  const joined = joinedBuilds(key, builds, dialect);
  const isThere = (side: string) => `${side}.velo_there is not null`;
  const inBoth = `${isThere('before')} and ${isThere('after')}`;
  const differs = compared.map((column) => `(${inBoth} and ${differ(column, quote)})`);
  const lone = builds.mayLack ? `not ${isThere('before')}` : `not (${inBoth})`;
  const counts = [`(${lone})`, ...differs].map(
    (condition, i) => `count(*) filter (where ${condition}) as n${i}`,
  );
  const any = [lone, ...differs].join(' or ');
  const [row = {}] = await connection.query(
    `select count(*) filter (where ${any}) as n_rows, ${counts.join(', ')} from ${joined}`,
  );
  const rows = Number(row['n_rows']);
  if (rows === 0) return undefined;
  const changed = compared.filter((_, i) => Number(row[`n${i + 1}`]) > 0);
  const [first] = changed;
  const which = first ? differs[compared.indexOf(first)] : lone;
  const keys = key.map((name, i) => `coalesce(before.${quote(name)}, after.${quote(name)}) as k${i}`);
  const values = first
    ? `before.${quote(first.name)} as before, after.${quote(first.name)} as after`
    : `before.velo_there as before, after.velo_there as after`;
  const found = await connection.query(
    `select ${[...keys, values].join(', ')} from ${joined} where ${which} order by ${key.map((_, i) => `k${i}`).join(', ')} limit ${EXAMPLES}`,
  );
  return {
    rows,
    columns: changed.map(({ name }) => name),
    examples: found.map((one) => ({
      key: Object.fromEntries(key.map((name, i) => [name, one[`k${i}`]])),
      column: first?.name,
      before: one['before'],
      after: one['after'],
    })),
  };
}

function joinedBuilds(key: readonly string[], builds: TwoBuilds, dialect: Dialect): string {
  const side = (relation: Relation) =>
    `(select *, 1 as velo_there from ${dayOf(relation, builds, dialect)} as rows_of_day)`;
  const same = key.map((name) => {
    const column = dialect.quote(name);
    return `before.${column} is not distinct from after.${column}`;
  });
  return `${side(builds.before)} as before\nfull join ${side(builds.after)} as after on ${same.join(' and ')}`;
}

function differ({ name, kind }: Compared, quote: Dialect['quote']): string {
  const [a, b] = [`before.${quote(name)}`, `after.${quote(name)}`];
  const distinct = `${a} is distinct from ${b}`;
  if (kind !== 'float') return distinct;
  const close = `abs(${a} - ${b}) <= ${TOLERANCE} * greatest(abs(${a}), abs(${b}))`;
  return `(${distinct} and not coalesce(${close}, false))`;
}

/** Without a key: rows that one build has more often than the other; floats by their first seven digits. */
async function asWholeRows(
  compared: readonly Compared[],
  builds: TwoBuilds,
  connection: Connection,
  dialect: Dialect,
): Promise<Difference | undefined> {
  const columns = compared.map(({ name, kind }) => {
    const column = dialect.quote(name);
    return kind === 'float' ? `cast(${column} as real) as ${column}` : column;
  });
  const side = (relation: Relation) =>
    `select ${columns.join(', ')} from ${dayOf(relation, builds, dialect)} as rows_of_day`;
  const more = (a: Relation, b: Relation) => `(${side(a)}\nexcept all\n${side(b)})`;
  const { before, after } = builds;
  const sides = builds.mayLack ? [more(after, before)] : [more(after, before), more(before, after)];
  const [row = {}] = await connection.query(
    `select ${sides.map((sql, i) => `(select count(*) from ${sql} as side_${i})`).join(' + ')} as n_rows`,
  );
  const rows = Number(row['n_rows']);
  return rows === 0 ? undefined : { rows, columns: [], examples: [] };
}
