import type { SplitStrategy } from './split.ts';
import { timeFolds } from './time-blocks.ts';

/** Each block is judged by what was trained on all days before it: scikit-learn's `TimeSeriesSplit`, on whole days. */
export const expanding: SplitStrategy = {
  name: 'expanding',
  takes: ['validation', 'gap'],
  needs: [],
  leastFolds: 1,
  folds: timeFolds,
};
