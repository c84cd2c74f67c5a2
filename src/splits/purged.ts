import type { SplitStrategy } from './split.ts';
import { timeFolds } from './time-blocks.ts';

/**
 * As walk_forward, and never without a gap: for labels or features that reach over several days (López de Prado 2018,
 * chapter 7, without its training on later blocks, whose features know the earlier ones' results).
 */
export const purged: SplitStrategy = {
  name: 'purged',
  takes: ['validation', 'train', 'gap'],
  needs: ['gap'],
  leastFolds: 1,
  folds: timeFolds,
};
