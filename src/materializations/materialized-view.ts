import type { Materialization } from './materialization.ts';
import { table } from './table.ts';

/** A view whose rows are kept, where the engine has such; the builder refuses it elsewhere. */
export const materializedView: Materialization = {
  name: 'materialized_view',
  relationType: 'table',
  updatesInPlace: true,
  statements: (context) => context.dialect.materializedView?.(context) ?? table.statements(context),
};
