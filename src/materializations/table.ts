import type { Materialization } from './materialization.ts';

export const table: Materialization = {
  name: 'table',
  relationType: 'table',
  updatesInPlace: false,
  statements: ({ dialect, relation, sql, existing, storage }) =>
    dialect.replaceTable(relation, sql, existing, storage),
};
