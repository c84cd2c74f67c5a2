import { incrementalStrategies } from './incremental-strategies.ts';
import type { Materialization, MaterializeContext } from './materialization.ts';

/** Builds the table once and then changes only what the strategy says. */
export const incremental: Materialization = {
  name: 'incremental',
  relationType: 'table',
  updatesInPlace: true,
  statements(context) {
    const { dialect, relation, existing, replace, storage } = context;
    const sql = rowsOfBatch(context);
    if (replace || existing !== 'table')
      return dialect.replaceTable(relation, sql, existing, storage);
    return incrementalStrategies.get(strategyOf(context)).statements({ ...context, sql });
  },
};

/** Only the range's own rows are ever written, so that a model that returns more cannot double them. */
function rowsOfBatch({ dialect, sql, asOf, batch }: MaterializeContext): string {
  if (!asOf || !batch) return sql;
  const column = dialect.quote(asOf.column);
  const start = dialect.instant(batch.start, asOf.grain);
  const end = dialect.instant(batch.end, asOf.grain);
  return `select * from (\n${dialect.unmerged(sql)}\n) as velo_batch where ${column} >= ${start} and ${column} < ${end}`;
}

/** dbt's default: delete+insert when there is a key to delete by. */
function strategyOf({ strategy, asOf, uniqueKey }: MaterializeContext): string {
  if (strategy) return strategy;
  if (asOf) return 'as_of';
  return uniqueKey.length > 0 ? 'delete+insert' : 'append';
}
