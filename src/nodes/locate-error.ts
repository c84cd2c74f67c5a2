import { DatabaseError, type SqlPosition } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Place } from '../jinja/source-map.ts';
import type { Compiled } from './ctes.ts';

/** The SQL is not to blame for these: no place in it would help. */
const WITHOUT_PLACE: ReadonlySet<string> = new Set(['interrupted', 'disk-full']);

export const hasPlace = ({ code }: DatabaseError): boolean => !WITHOUT_PLACE.has(code);

/** The same error with the place in the node's file, or in a macro, that the failing line of SQL was rendered from. */
export function locateError(error: DatabaseError, node: Node, compiled: Compiled): DatabaseError {
  if (!hasPlace(error)) return error;
  const { hint, cause, position, fault, isOfServer } = error;
  const at = position && placeIn(error.sql, position, compiled);
  const span = at?.span ?? node.span;
  const details = { hint, cause, position, fault, isOfServer, span, trace: at?.trace };
  return new DatabaseError(error.code, error.message, error.sql, details);
}

/** The SELECT stands somewhere inside the statement: its line is counted from there. */
function placeIn(statement: string, position: SqlPosition, compiled: Compiled): Place | undefined {
  const offset = statement.indexOf(compiled.sql);
  if (offset < 0) return undefined;
  const before = statement.slice(0, offset).split('\n');
  const line = position.line - before.length + 1;
  const place = compiled.placeOf(line);
  if (!place) return undefined;
  const column = line === 1 ? position.column - (before.at(-1)?.length ?? 0) : position.column;
  return { ...place, span: { ...place.span, column: Math.max(column, 1) } };
}
