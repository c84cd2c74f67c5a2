import { createRegistry } from '../core/registry.ts';
import type { IncrementalStrategy } from './materialization.ts';

/** Adds the rows of the SELECT; the model must leave out what is there already. */
const append: IncrementalStrategy = {
  name: 'append',
  needs: 'nothing',
  statements: ({ dialect, relation, sql }) => dialect.append(relation, sql),
};

/** Rows of the SELECT take the place of those with the same unique_key. */
const deleteInsert: IncrementalStrategy = {
  name: 'delete+insert',
  needs: 'unique_key',
  statements: ({ dialect, relation, uniqueKey, sql }) =>
    dialect.deleteInsert(relation, uniqueKey, sql),
};

/** The partitions that rows of the SELECT are in are replaced by them; the others stay. */
const insertOverwrite: IncrementalStrategy = {
  name: 'insert_overwrite',
  needs: 'partition_by',
  statements: ({ dialect, relation, partitionBy, sql }) =>
    dialect.deleteInsert(relation, partitionBy, sql),
};

/** One half-open range of as_of dates is replaced by the rows of the SELECT. */
const asOfRange: IncrementalStrategy = {
  name: 'as_of',
  needs: 'as_of',
  statements({ dialect, relation, asOf, batch, sql, storage }) {
    if (!asOf || !batch) throw new Error('the as_of strategy needs a range');
    const { column, grain } = asOf;
    const { partitioning } = storage;
    return dialect.replaceRange({ relation, column, interval: batch, grain, sql, partitioning });
  },
};

export const incrementalStrategies = createRegistry('incremental_strategy', [
  append,
  deleteInsert,
  insertOverwrite,
  asOfRange,
]);
