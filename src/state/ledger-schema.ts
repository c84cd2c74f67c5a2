import type { AdapterSettings, Dialect, Statement } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import type { Relation } from '../core/relation.ts';

/** What velo keeps of a target stands beside its relations. */
export interface StatePlace {
  readonly database: string | undefined;
  /** Schema of the target. */
  readonly schema: string;
}

/** Where a target is. */
export const statePlace = ({ database, schema }: AdapterSettings): StatePlace => ({
  database,
  schema,
});

/** Schema of velo's own tables in the warehouse: each target has one where several share a database. */
export const ledgerSchema = ({ capabilities }: Dialect, { schema }: StatePlace): string =>
  capabilities.sharesDatabase ? `${schema}_velo` : 'velo';

/** velo's own tables: the ledger, the days of inputs it compares, and what it says of itself. */
export interface LedgerTables {
  readonly ledger: Relation;
  /** Rows and a digest of each day of the dated inputs, as they were last seen. */
  readonly days: Relation;
  readonly meta: Relation;
}

/** The tables in the database of the target. */
export function ledgerTables(dialect: Dialect, place: StatePlace): LedgerTables {
  const { database } = place;
  const schema = ledgerSchema(dialect, place);
  const named = (name: string): Relation => ({ database, schema, name });
  return { ledger: named('ledger'), days: named('days'), meta: named('meta') };
}

/** Raised when the tables change; {@link MIGRATIONS} leads there from any older one. */
export const LEDGER_FORMAT = 2;

const FORMAT_KEY = 'ledger_format';

/** What leads from a format to the next: the first entry from 1 to 2. */
const MIGRATIONS: readonly ((dialect: Dialect, tables: LedgerTables) => Statement[])[] = [
  (dialect, { ledger }) =>
    [
      "kind varchar default 'built'",
      "seen varchar default '{}'",
      "epoch varchar default ''",
      'total_rows bigint',
    ].map((column) => `alter table ${dialect.relation(ledger)} add column ${column}`),
];

/** The query for the format of existing tables. */
export const formatQuery = (dialect: Dialect, { meta }: LedgerTables): Statement =>
  `select value from ${dialect.relation(meta)} where name = ${dialect.literal(FORMAT_KEY)}`;

/**
 * What makes the tables, or brings those of an older format up to date; safe to run again, and all in one transaction.
 * `format` is that of the tables there are, undefined when there are none.
 * @throws DatabaseError 'ledger-format' when a newer velo wrote them
 */
export function prepareLedger(
  dialect: Dialect,
  tables: LedgerTables,
  format: number | undefined,
): Statement[] {
  if (format === LEDGER_FORMAT) return [];
  const { ledger, days, meta } = tables;
  if (format !== undefined) refuseNewer(format);
  const migrations = format === undefined ? [] : MIGRATIONS.slice(format - 1);
  const [metaText, key] = [dialect.relation(meta), dialect.literal(FORMAT_KEY)];
  return [
    dialect.createSchema(ledger),
    `create table if not exists ${dialect.relation(ledger)} (
  seq bigint not null,
  node varchar not null,
  place varchar not null,
  version varchar not null,
  fingerprint varchar not null,
  inputs varchar not null,
  replaces boolean not null,
  range_start timestamp,
  range_end timestamp,
  row_count bigint,
  duration_ms double precision not null,
  run_id varchar not null,
  finished_at timestamp not null${format === undefined ? NEWER_COLUMNS : ''}
)`,
    ...migrations.flatMap((migrate) => migrate(dialect, tables)),
    `create table if not exists ${dialect.relation(days)} (
  node varchar not null,
  place varchar not null,
  at_day date not null,
  row_count bigint not null,
  digest varchar not null
)`,
    `create table if not exists ${metaText} (name varchar not null, value varchar not null)`,
    `delete from ${metaText} where name = ${key}`,
    `insert into ${metaText} (name, value) values (${key}, ${dialect.literal(String(LEDGER_FORMAT))})`,
  ];
}

const NEWER_COLUMNS = `,
  kind varchar,
  seen varchar,
  epoch varchar,
  total_rows bigint`;

/** @throws DatabaseError 'ledger-format' */
export function refuseNewer(format: number): void {
  if (format <= LEDGER_FORMAT) return;
  throw new DatabaseError(
    'ledger-format',
    `the ledger has format ${format}, this velo knows ${LEDGER_FORMAT}`,
    '',
    { hint: 'a newer velo has built here: use that one, or another target' },
  );
}
