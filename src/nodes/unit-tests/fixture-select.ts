import type { Dialect, TypedColumnName } from '../../adapters/adapter.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ProjectError } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';

export type FixtureRow = Readonly<Record<string, unknown>>;

/** Rows of a unit test, and what they are rows of. */
export interface Fixture {
  readonly rows: readonly FixtureRow[];
  /** All columns there are, in their order. */
  readonly columns: readonly TypedColumnName[];
  /** For messages: `the expected rows`, `ref('orders')`. */
  readonly what: string;
  readonly span: Span;
}

/**
 * A SELECT of the rows, each value cast to the type of its column; columns that are not given are NULL. The rows stand
 * in one list of values, so that ten thousand of them are no burden. @throws ProjectError 'unit-test' for a column that is not there
 */
export function fixtureSelect(fixture: Fixture, dialect: Dialect): string {
  const { rows, columns } = fixture;
  const given = new Map(givenColumns(fixture).map(({ name }, at) => [name, at]));
  const items = columns.map(({ name, type }) => {
    const at = given.get(name);
    const value = at === undefined ? 'null' : `given.c${at + 1}`;
    return `cast(${value} as ${type}) as ${dialect.quote(name)}`;
  });
  const select = `select ${items.join(', ')}`;
  if (rows.length === 0) return `${select.replaceAll(/\bgiven\.c\d+/g, 'null')} where false`;
  const names = [...given.values()].map((at) => `c${at + 1}`);
  return `${select}\nfrom (values\n${valueLists(rows, [...given.keys()], dialect)}\n) as given(${names.join(', ') || 'c1'})`;
}

/** No rows of these columns. */
export const emptySelect = (columns: readonly TypedColumnName[], { quote }: Dialect): string =>
  `select ${columns.map(({ name, type }) => `cast(null as ${type}) as ${quote(name)}`).join(', ')} where false`;

/** Columns that any of the rows names, in the order they are first named. @throws ProjectError 'unit-test' */
export function givenColumns({ rows, columns, what, span }: Fixture): readonly TypedColumnName[] {
  const named = new Set(rows.flatMap((row) => Object.keys(row)));
  const known = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  return [...named].map((name) => {
    const column = known.get(name.toLowerCase());
    if (column) return column;
    const names = columns.map((one) => one.name);
    throw new ProjectError('unit-test', `${what} have a column '${name}' that is not there`, {
      span,
      hint: didYouMean(name, names) ?? `columns: ${names.join(', ')}`,
    });
  });
}

function valueLists(
  rows: readonly FixtureRow[],
  names: readonly string[],
  { literal }: Dialect,
): string {
  const lists = rows.map((row) => {
    const byName = new Map(
      Object.entries(row).map(([name, value]) => [name.toLowerCase(), value] as const),
    );
    const values = names.map((name) => literal(textOf(byName.get(name.toLowerCase()))));
    return `  (${values.join(', ') || 'null'})`;
  });
  return lists.join(',\n');
}

/** As text, which every type can be cast from; lists and mappings as JSON. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
