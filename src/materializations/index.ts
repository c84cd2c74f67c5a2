import { createRegistry } from '../core/registry.ts';
import { ephemeral } from './ephemeral.ts';
import { incremental } from './incremental.ts';
import { table } from './table.ts';
import { view } from './view.ts';

export const materializations = createRegistry('materialization', [
  view,
  table,
  incremental,
  ephemeral,
]);
