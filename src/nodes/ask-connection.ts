import type { Connection } from '../adapters/adapter.ts';
import type { AskDatabase, DatabaseAnswer } from '../jinja/contexts/replay.ts';

const NOTHING: DatabaseAnswer = { message: 'OK', rowsAffected: undefined, table: undefined };

/** Nothing, or what would end or begin the owner's transaction. */
const EMPTY = /^\s*((begin|commit)(\s+transaction)?)?\s*;?\s*$/i;

/**
 * Answers the queries of a template in a session that is lent. The transaction around it is its owner's: `commit` and
 * `begin` change nothing. @throws DatabaseError
 */
export function askConnection(connection: Connection): AskDatabase {
  return async (request) => {
    if (request.kind !== 'query' || EMPTY.test(request.sql)) return NOTHING;
    if (request.fetch) return connection.fetch(request.sql);
    return { ...NOTHING, rowsAffected: await connection.execute(request.sql) };
  };
}

/** A session of its own for an operation: one transaction, unless the operation ends it and begins the next. */
export interface OperationSession {
  readonly ask: AskDatabase;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Statements of the text itself that end a transaction, or begin one. */
const OWN_TRANSACTION =
  /(?:^|;)(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:begin|start\s+transaction|commit|end|rollback|abort)\b/i;

/** Begins a transaction with the first statement. A text that says `begin` or `commit` itself is sent as it is. */
export function askOperation(connection: Connection): OperationSession {
  const ask = askConnection(connection);
  let isOpen = false;
  const end = async (how: 'commit' | 'rollback') => {
    if (!isOpen) return;
    isOpen = false;
    await connection.execute(how);
  };
  return {
    commit: () => end('commit'),
    rollback: () => end('rollback'),
    async ask(request) {
      if (request.kind === 'commit') await end('commit');
      if (request.kind !== 'query') return NOTHING;
      if (OWN_TRANSACTION.test(request.sql)) {
        // `commit` alone ends what velo began; anything else starts from a clean state.
        await end(/\brollback\b|\babort\b/i.test(request.sql) ? 'rollback' : 'commit');
        if (
          /^\s*(?:commit|end|rollback|abort|begin|start\s+transaction)\s*;?\s*$/i.test(request.sql)
        ) {
          return NOTHING;
        }
        return ask(request);
      }
      if (!isOpen) await connection.execute('begin transaction');
      isOpen = true;
      return ask(request);
    },
  };
}
