import { createRegistry } from '../core/registry.ts';
import { expanding } from './expanding.ts';
import { groupKFold } from './group-k-fold.ts';
import { purged } from './purged.ts';
import { walkForward } from './walk-forward.ts';

export const splitStrategies = createRegistry('split strategy', [
  walkForward,
  expanding,
  purged,
  groupKFold,
]);
