import type { Statement } from '../adapter.ts';
import { quote } from './names.ts';

const TAIL = '\n)';

/** Whatever stands within the quotes of the target's name is no part of the statement. */
const HEAD = /^(insert into (?:"(?:[^"]|"")*"\.?)+) by name \(\n/;

/**
 * `insert into … by name (…)`: columns are matched by their names. Postgres has no such statement: the session that
 * runs it asks for the names first and sends what {@link withNames} makes of it.
 */
export const insertByName = (target: string, sql: string): Statement =>
  `insert into ${target} by name (\n${sql}${TAIL}`;

/** The SELECT of such a statement; undefined for any other. */
export function selectOfInsert(statement: Statement): string | undefined {
  const head = HEAD.exec(statement)?.[0];
  if (head === undefined || !statement.endsWith(TAIL)) return undefined;
  return statement.slice(head.length, -TAIL.length);
}

/** The statement that Postgres takes; the SELECT stands in it as it was. */
export const withNames = (statement: Statement, columns: readonly string[]): string =>
  statement.replace(
    HEAD,
    (_, insert: string) => `${insert} (${columns.map(quote).join(', ')}) (\n`,
  );
