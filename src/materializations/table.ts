import type { Materialization } from './materialization.ts';

export const table: Materialization = {
  name: 'table',
  relationType: 'table',
  updatesInPlace: false,
  statements: ({ dialect, relation, sql, existing }) =>
    dialect.replaceTable(relation, sql, existing),
};
