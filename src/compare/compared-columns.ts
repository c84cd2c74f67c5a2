import type { Connection, Dialect, Precision, TypedColumnName } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';

/** A column that both tables have. */
export interface ComparedColumn {
  readonly name: string;
  /** In the table on the left and in the one on the right. */
  readonly left: TypedColumnName;
  readonly right: TypedColumnName;
  /** The coarser one of the two types. */
  readonly precision: Precision;
}

export interface ComparedColumns {
  readonly common: readonly ComparedColumn[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
}

/** The columns of two tables by their names, which ignore case. @throws DatabaseError */
export async function comparedColumns(
  connection: Connection,
  dialect: Dialect,
  left: Relation,
  right: Relation,
): Promise<ComparedColumns> {
  const leftColumns = await columnsOf(connection, dialect, left);
  const rightColumns = await columnsOf(connection, dialect, right);
  const rightOf = new Map(rightColumns.map((column) => [column.name.toLowerCase(), column]));
  const common: ComparedColumn[] = [];
  const onlyLeft: string[] = [];
  for (const column of leftColumns) {
    const other = rightOf.get(column.name.toLowerCase());
    rightOf.delete(column.name.toLowerCase());
    if (!other) onlyLeft.push(column.name);
    else common.push(comparedColumn(column, other, dialect));
  }
  return { common, onlyLeft, onlyRight: [...rightOf.values()].map(({ name }) => name) };
}

function comparedColumn(
  left: TypedColumnName,
  right: TypedColumnName,
  { comparing }: Dialect,
): ComparedColumn {
  const [a, b] = [comparing.precision(left.type), comparing.precision(right.type)];
  return { name: left.name, left, right, precision: a.tolerance >= b.tolerance ? a : b };
}

async function columnsOf(
  connection: Connection,
  dialect: Dialect,
  relation: Relation,
): Promise<TypedColumnName[]> {
  const rows = await connection.query(dialect.catalog.listColumns(relation));
  return rows.map(({ name, type }) => ({ name: String(name), type: String(type) }));
}
