import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Compiled } from './ctes.ts';

/** The SQL is not to blame for these: no place in it would help. */
const WITHOUT_PLACE: ReadonlySet<string> = new Set(['interrupted', 'disk-full']);

export const hasPlace = ({ code }: DatabaseError): boolean => !WITHOUT_PLACE.has(code);

/** The same error with the place in the node's file that the failing line of SQL was rendered from. */
export function locateError(error: DatabaseError, node: Node, compiled: Compiled): DatabaseError {
  if (!hasPlace(error)) return error;
  const details = { hint: error.hint, cause: error.cause, position: error.position };
  const at = error.position && placeIn(error.sql, error.position, compiled);
  const span = at ?? node.span;
  return new DatabaseError(error.code, error.message, error.sql, { ...details, span });
}

/** The SELECT stands somewhere inside the statement: its line is counted from there. */
function placeIn(
  statement: string,
  position: { readonly line: number; readonly column: number },
  compiled: Compiled,
) {
  const offset = statement.indexOf(compiled.sql);
  if (offset < 0) return undefined;
  const before = statement.slice(0, offset).split('\n');
  const line = position.line - before.length + 1;
  const span = compiled.spanOf(line);
  if (!span) return undefined;
  const column = line === 1 ? position.column - (before.at(-1)?.length ?? 0) : position.column;
  return { ...span, column: Math.max(column, 1) };
}
