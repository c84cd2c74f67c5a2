import { ProjectError } from '../core/errors.ts';
import type { Development, Fold, SplitSpec, SplitStrategy } from './split.ts';

/**
 * Whole groups, largest first, each to the fold with the fewest rows so far: scikit-learn's `GroupKFold`. It trains on
 * later days than it judges, so it shows what a model can fit and not what it could have known.
 */
export const groupKFold: SplitStrategy = {
  name: 'group_k_fold',
  takes: [],
  needs: ['group'],
  leastFolds: 2,
  folds: (development, { folds }) => {
    const foldOf = assign(development, folds);
    return Array.from(
      { length: folds },
      (_, fold): Fold => ({
        train: development.rows.filter((row) => foldOf(row) !== fold),
        validation: development.rows.filter((row) => foldOf(row) === fold),
      }),
    );
  },
};

function assign({ rows, groups }: Development, folds: SplitSpec['folds']): (row: number) => number {
  const of = (row: number) => groups?.of[row] as number;
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(of(row), (sizes.get(of(row)) ?? 0) + 1);
  if (sizes.size < folds) {
    throw new ProjectError(
      'too-few-days',
      `${folds} folds need ${folds} groups; there are ${sizes.size}`,
      {
        hint: 'make folds smaller, or give it more rows',
      },
    );
  }
  const loads = new Float64Array(folds);
  const fold = new Map<number, number>();
  for (const [group, size] of [...sizes].sort(([, a], [, b]) => b - a)) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] as number) + size;
    fold.set(group, lightest);
  }
  return (row) => fold.get(of(row)) as number;
}
