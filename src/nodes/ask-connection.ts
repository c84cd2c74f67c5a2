import type { Connection } from '../adapters/adapter.ts';
import { DatabaseError } from '../core/errors.ts';
import type { AskDatabase, DatabaseAnswer } from '../jinja/contexts/replay.ts';

const NOTHING: DatabaseAnswer = { message: 'OK', rowsAffected: undefined, table: undefined };

/**
 * Answers the queries of a template in a session that is lent. The transaction around it is its owner's: `commit` and
 * `begin` change nothing. @throws DatabaseError at the place of the template that asked
 */
export function askConnection(connection: Connection): AskDatabase {
  return async (request) => {
    if (request.kind !== 'query' || request.sql.trim() === '') return NOTHING;
    try {
      if (request.fetch) return await connection.fetch(request.sql);
      return { ...NOTHING, rowsAffected: await connection.execute(request.sql) };
    } catch (error) {
      throw error instanceof DatabaseError && !error.span
        ? new DatabaseError(error.code, error.message, error.sql, {
            hint: error.hint,
            cause: error,
            position: error.position,
            span: request.span,
          })
        : error;
    }
  };
}
