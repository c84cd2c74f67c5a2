import type { Dialect, Row, Warehouse } from '../adapters/adapter.ts';
import type { CatalogTable } from '../artifacts/catalog.ts';

/** Tables and views of some schemas with their columns, in one query. @throws DatabaseError */
export async function readCatalog(
  warehouse: Warehouse,
  { catalog }: Dialect,
  schemas: readonly string[],
): Promise<readonly CatalogTable[]> {
  const rows = await warehouse.use(({ query }) => query(catalog.describeRelations(schemas)));
  const tables = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row['database'], row['schema'], row['name']]);
    const known = tables.get(key);
    if (known) known.push(row);
    else tables.set(key, [row]);
  }
  return [...tables.values()].flatMap(tableOf);
}

function tableOf(rows: readonly Row[]): CatalogTable[] {
  const [first] = rows;
  if (!first) return [];
  return [
    {
      database: textOf(first['database']) ?? undefined,
      schema: String(first['schema']),
      name: String(first['name']),
      type: String(first['type']),
      comment: textOf(first['comment']),
      owner: textOf(first['owner']),
      columns: rows.map((row, i) => ({
        name: String(row['column']),
        index: i + 1,
        type: String(row['column_type']),
        comment: textOf(row['column_comment']),
      })),
    },
  ];
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
