import { DatabaseError } from '../../core/errors.ts';
import type { Query } from '../../sql/tree.ts';
import type { Connection } from '../adapter.ts';
import { selectOfInsert, withNames } from './by-name.ts';
import { type CopyDriver, copyRowsIn, copyRowsOut } from './copy-rows.ts';
import { jsonValue } from './json-value.ts';
import { appendColumns, loadColumns } from './load-columns.ts';
import { type CursorDriver, readColumns } from './read-columns.ts';
import { readPortions } from './read-portions.ts';
import { last, type Result, rowsWritten, runQuery, type Session } from './session.ts';
import { typeOf } from './types.ts';
import { declaredType, wireColumns } from './wire-types.ts';

export interface Drivers {
  readonly cursor: CursorDriver;
  readonly copy: CopyDriver;
  parseQuery(sql: string, connection: Pick<Connection, 'query'>): Promise<Query | undefined>;
}

/** What a session may do. */
export interface Rights {
  /** It may write to temporary tables only. */
  readonly isReader: boolean;
  /** Called before a commit. @throws DatabaseError when the right to write is gone */
  check(): void;
}

/** A session of the driver as velo lends it. */
export function connectionOf(session: Session, drivers: Drivers, rights: Rights): Connection {
  let loads = 0;
  const query: Connection['query'] = async (sql) => rowsOf(await runQuery(session, sql));
  return {
    query,
    parseQuery: (sql) => drivers.parseQuery(sql, { query }),
    async execute(sql) {
      const select = selectOfInsert(sql);
      const statement =
        select === undefined
          ? sql
          : withNames(
              sql,
              (await fieldsOf(session, select)).map(({ name }) => name),
            );
      return rowsWritten(last(await session.run(statement)));
    },
    async fetch(sql) {
      const result = last(await session.run(sql));
      const { fields, rows, rowCount } = result;
      const columns = fields.map(({ name, dataTypeID, dataTypeModifier }) => {
        const { kind } = typeOf(dataTypeID);
        return { name, kind, type: declaredType(dataTypeID, dataTypeModifier) };
      });
      const oids = fields.map(({ dataTypeID }) => dataTypeID);
      const cells = rows.map((row) => row.map((cell, i) => jsonValue(cell, oids[i] ?? 0)));
      const message = messageOf(result);
      return { message, rowsAffected: rowCount ?? undefined, table: { columns, rows: cells } };
    },
    transaction: (work) => inTransaction(session, rights, work),
    wireColumns: async (sql) => wireColumns(await fieldsOf(session, sql)),
    copyOut: (sql, columns) => copyRowsOut(session, drivers.copy, sql, columns),
    copyIn: (relation, columns, rows) => copyRowsIn(session, drivers.copy, relation, columns, rows),
    readColumns: (sql, options) => readColumns(session, drivers.cursor, sql, options),
    readPortions: (rows, use) => readPortions(session, rows, use),
    async loadColumns(columns) {
      loads += 1;
      const load = () => loadColumns(session, drivers.copy, columns, `velo_load_${loads}`);
      return rights.isReader ? writable(session, load) : load();
    },
    appendColumns: (table, columns) => appendColumns(session, drivers.copy, columns, table),
  };
}

/** Columns of one name are told apart by numbers, as in other engines. */
function rowsOf({ fields, rows }: Result): Readonly<Record<string, unknown>>[] {
  const seen = new Map<string, number>();
  const columns = fields.map(({ name, dataTypeID }) => {
    const copies = seen.get(name) ?? 0;
    seen.set(name, copies + 1);
    return { name: copies === 0 ? name : `${name}_${copies}`, oid: dataTypeID };
  });
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, oid }, i) => [name, jsonValue(row[i] ?? null, oid)])),
  );
}

async function fieldsOf(session: Session, select: string): Promise<Result['fields']> {
  const { fields } = last(await session.run(`select * from (\n${select}\n) as velo_rows limit 0`));
  return fields;
}

/** The server's own words, which the driver keeps in parts: `INSERT 0 3`, `SELECT 3`, `CREATE`. */
const messageOf = ({ command, rowCount, oid }: Result): string =>
  [
    command,
    ...(command === 'INSERT' ? [oid ?? 0] : []),
    ...(rowCount === null ? [] : [rowCount]),
  ].join(' ');

async function inTransaction<T>(
  session: Session,
  rights: Rights,
  work: () => Promise<T>,
): Promise<T> {
  await session.run('begin');
  session.isInTransaction = true;
  try {
    const result = await work();
    rights.check();
    const { command } = last(await session.run('commit'));
    // A transaction in which a statement failed is taken back by `commit`, without an error.
    if (command === 'ROLLBACK') throw takenBack();
    return result;
  } catch (error) {
    await session.run('rollback').catch(() => {
      session.isBroken = true;
    });
    throw error;
  } finally {
    session.isInTransaction = false;
  }
}

const takenBack = (): DatabaseError =>
  new DatabaseError('database-error', 'a statement of the transaction failed before', '');

/** Temporary tables are made outside of the reader's read-only transactions. */
async function writable<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run('set default_transaction_read_only = off');
  try {
    return await work();
  } finally {
    await session.run('set default_transaction_read_only = on').catch(() => undefined);
  }
}
