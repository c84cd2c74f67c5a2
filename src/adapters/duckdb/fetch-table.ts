import type { DuckDBMaterializedResult } from '@duckdb/node-api';
import type { CellKind, ResultTable } from '../../core/result-table.ts';

/** By DuckDB's name of the type, without what stands in brackets. */
const KINDS: Readonly<Record<string, CellKind>> = {
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  DECIMAL: 'decimal',
  FLOAT: 'float',
  DOUBLE: 'float',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  TIME: 'time',
};

/** A result with its types, row by row. */
export async function fetchTable(result: DuckDBMaterializedResult): Promise<ResultTable> {
  const names = result.deduplicatedColumnNames();
  const columns = result.columnTypes().map((type, index) => ({
    name: names[index] ?? '',
    kind: kindOf(String(type)),
    type: String(type),
  }));
  return { columns, rows: await result.getRowsJson() };
}

function kindOf(type: string): CellKind {
  if (/[[\]]|^(?:STRUCT|MAP|UNION)\b/.test(type)) return 'json';
  const [name = ''] = type.split('(');
  return KINDS[name.trim()] ?? 'text';
}
