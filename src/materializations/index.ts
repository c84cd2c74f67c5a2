import { createRegistry } from '../core/registry.ts';
import { backtest } from './backtest.ts';
import { ephemeral } from './ephemeral.ts';
import { incremental } from './incremental.ts';
import { materializedView } from './materialized-view.ts';
import { score } from './score.ts';
import { table } from './table.ts';
import { train } from './train.ts';
import { view } from './view.ts';

export const materializations = createRegistry('materialization', [
  view,
  table,
  incremental,
  ephemeral,
  materializedView,
  train,
  score,
  backtest,
]);
