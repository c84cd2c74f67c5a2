import type { Statement } from '../adapter.ts';
import { quote } from './names.ts';

const HEAD = 'insert into ';
const BY_NAME = ' by name (\n';
const TAIL = '\n)';

/**
 * `insert into … by name (…)`: columns are matched by their names. Postgres has no such statement: the session that
 * runs it asks for the names first and sends what {@link withNames} makes of it.
 */
export const insertByName = (target: string, sql: string): Statement =>
  `${HEAD}${target}${BY_NAME}${sql}${TAIL}`;

/** The SELECT of such a statement; undefined for any other. */
export function selectOfInsert(statement: Statement): string | undefined {
  const at = statement.indexOf(BY_NAME);
  const isOne = at > 0 && statement.startsWith(HEAD) && statement.endsWith(TAIL);
  // A target is a quoted name: what comes before `by name` holds no other words.
  if (!isOne || !/^(?:"(?:[^"]|"")*"\.?)+$/.test(statement.slice(HEAD.length, at)))
    return undefined;
  return statement.slice(at + BY_NAME.length, -TAIL.length);
}

/** The statement that Postgres takes; the SELECT stands in it as it was. */
export function withNames(statement: Statement, columns: readonly string[]): string {
  return statement.replace(BY_NAME, () => ` (${columns.map(quote).join(', ')}) (\n`);
}
