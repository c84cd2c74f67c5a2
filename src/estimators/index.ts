import { createRegistry } from '../core/registry.ts';
import { lightgbm } from './lightgbm.ts';
import { logisticRegression } from './logistic-regression.ts';
import { market } from './market.ts';
import { prior } from './prior.ts';

export const estimators = createRegistry('estimator', [
  lightgbm,
  logisticRegression,
  prior,
  market,
]);
