import type { Client, QueryArrayResult } from 'pg';
import { statementError } from './errors.ts';

/** What a statement came to: cells are texts as the server sent them. */
export type Result = QueryArrayResult<(string | null)[]>;

/** One session, and whether a transaction is open in it. */
export interface Session {
  readonly client: Client;
  /** Results of one or more statements, in order. @throws DatabaseError */
  run(sql: string): Promise<readonly Result[]>;
  /** A comment after each statement: what it is for. */
  note: string;
  /** Whether statements are inside `transaction()`. */
  isInTransaction: boolean;
  /** It broke, or stands in a transaction that nobody ends: it is of no more use. */
  isBroken: boolean;
}

/** What the driver has besides what its types say. */
interface RawClient {
  /** The server's process, which a request to cancel names. */
  readonly processID: number;
  ref(): void;
  unref(): void;
}

const raw = (client: Client): RawClient => client as unknown as RawClient;

/** A session that nobody uses does not keep the process from ending. */
export const letGo = (client: Client): void => raw(client).unref();
export const hold = (client: Client): void => raw(client).ref();

/** Ends a session; whether that still reaches the server does not matter. */
export async function endSession(client: Client): Promise<void> {
  // What is awaited must keep the process alive.
  hold(client);
  await client.end().catch(() => undefined);
}

export const processOf = ({ client }: Session): number => raw(client).processID;

/** Comments nest: what would begin or end one is left out. */
export const noteOf = (purpose: string | undefined): string =>
  purpose === undefined ? '' : `\n/* velo: ${purpose.replaceAll(/[/*]{2,}/g, '')} */`;

export function sessionOf(client: Client): Session {
  const session: Session = {
    client,
    note: '',
    isInTransaction: false,
    isBroken: false,
    async run(sql) {
      try {
        const answer: unknown = await client.query({ text: sql + session.note, rowMode: 'array' });
        return Array.isArray(answer) ? (answer as Result[]) : [answer as Result];
      } catch (error) {
        const meant = statementError(error, sql);
        if (meant.code === 'connection-lost') session.isBroken = true;
        throw meant;
      }
    },
  };
  client.on('error', () => {
    session.isBroken = true;
  });
  client.on('end', () => {
    session.isBroken = true;
  });
  return session;
}

const SAVEPOINT = 'velo_query';

/**
 * One query. Within a transaction it stands between savepoints, so that a faulty one leaves the others' work whole: of
 * several tests in a scan it is then found out which one is wrong.
 */
export async function runQuery(session: Session, sql: string): Promise<Result> {
  if (!session.isInTransaction) return last(await session.run(sql));
  await session.run(`savepoint ${SAVEPOINT}`);
  try {
    const result = last(await session.run(sql));
    await session.run(`release savepoint ${SAVEPOINT}`);
    return result;
  } catch (error) {
    await session.run(`rollback to savepoint ${SAVEPOINT}`).catch(() => undefined);
    throw error;
  }
}

export function last(results: readonly Result[]): Result {
  const result = results.at(-1);
  if (!result) throw new Error('every statement has a result');
  return result;
}

/** The number of rows a statement wrote: also `create table as`, which answers without columns. */
export const rowsWritten = ({ fields, rowCount, command }: Result): number | undefined =>
  fields.length > 0 || rowCount === null || !WRITING.has(command) ? undefined : rowCount;

const WRITING: ReadonlySet<string> = new Set([
  ...['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'SELECT', 'COPY'],
]);
