import type { SplitStrategy } from './split.ts';
import { timeFolds } from './time-blocks.ts';

/** Each block is judged by what was trained on the days before it; with `train`, only on that many of them. */
export const walkForward: SplitStrategy = {
  name: 'walk_forward',
  takes: ['validation', 'train', 'gap'],
  needs: [],
  leastFolds: 1,
  folds: timeFolds,
};
