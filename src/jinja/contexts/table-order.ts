import { compare } from '../python/compare.ts';
import type { Value } from '../python/types.ts';

/** Sorted by a key as agate sorts: None comes last, equal ones keep their order. */
export function orderedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => Value,
  reverse: boolean,
): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((a, b) => sign * order(a.key, b.key));
  return keyed.map(({ item }) => item);
}

function order(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(a, b);
}
