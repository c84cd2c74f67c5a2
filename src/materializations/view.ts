import type { Materialization } from './materialization.ts';

export const view: Materialization = {
  name: 'view',
  relationType: 'view',
  updatesInPlace: false,
  statements: ({ dialect, relation, sql, existing }) =>
    dialect.replaceView(relation, sql, existing),
};
