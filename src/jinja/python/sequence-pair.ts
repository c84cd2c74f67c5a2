import { toArray } from './compare.ts';
import { raise } from './error.ts';
import type { Value } from './types.ts';

/** The two items of element `index` of what becomes a dict. */
export function sequencePair(pair: Value, index: number): readonly [Value, Value] {
  const items = toArray(pair);
  if (items.length === 2) return [items[0], items[1]];
  return raise(
    'ValueError',
    `dictionary update sequence element #${index} has length ${items.length}; 2 is required`,
  );
}
