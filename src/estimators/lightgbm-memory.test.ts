import { expect, it } from 'vitest';
import { checkMemory } from './lightgbm-memory.ts';

const GB = 2 ** 30;
const column = (name: string, values: number) => ({
  name,
  values: Float64Array.from({ length: 6000 }, (_, row) => row % values),
});

// 2000 bins (6000 rows, three a bin) and 10 of two columns, 16 bytes for each of 100,000 leaves: 3.216 GB of 10^9 bytes.
const features = [column('many', 6000), column('few', 10)];
const many = new Map([
  ['num_leaves', '100000'],
  ['max_bin', '60000'],
]);

it.each<[string, ReadonlyMap<string, string>, number]>([
  ['as much as there is', many, 3.0 * GB],
  ['a bound of its own', new Map([...many, ['histogram_pool_size', '512']]), 0.6 * GB],
  ['few bins', new Map([...many, ['max_bin', '15']]), 0.1 * GB],
  ['defaults', new Map(), 0.001 * GB],
])('%s is let pass', (_, given, available) => {
  expect(() => checkMemory(features, given, available)).not.toThrow();
});

it('more is refused, with what helps', () => {
  expect(() => checkMemory(features, many, 2.9 * GB)).toThrow(
    expect.objectContaining({
      code: 'training-data',
      message: 'training would take 3.0 GB of memory for its histograms; 2.9 GB are free',
    }),
  );
});
