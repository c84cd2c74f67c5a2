import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeSplit } from '../../src/splits/make-split.ts';
import type { SplitSpec } from '../../src/splits/split.ts';

// What scikit-learn cuts: record.py.
const recorded = JSON.parse(
  readFileSync(new URL('expected/splits.json', import.meta.url), 'utf8'),
) as {
  readonly day: readonly number[];
  readonly time: readonly {
    readonly spec: SplitSpec;
    readonly folds: readonly { readonly train: number[]; readonly validation: number[] }[];
  }[];
  readonly groups: { readonly group: readonly number[]; readonly sizes: readonly number[] };
};

it.each(recorded.time)('$spec cuts as TimeSeriesSplit does', ({ spec, folds }) => {
  const split = makeSplit({ day: Int32Array.from(recorded.day) }, spec);
  expect(
    split.folds.map(({ train, validation }) => ({
      train: [...train],
      validation: [...validation],
    })),
  ).toEqual(folds);
});

it('group_k_fold fills folds as GroupKFold does', () => {
  const { group, sizes } = recorded.groups;
  const day = Int32Array.from(group, () => 0);
  const { folds } = makeSplit({ day, group }, { strategy: 'group_k_fold', folds: 4 });
  expect(folds.map(({ validation }) => validation.length).toSorted()).toEqual(sizes.toSorted());
});
