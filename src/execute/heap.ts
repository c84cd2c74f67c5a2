/** A binary heap: what comes first by `before` is taken first. Adding and taking are O(log n). */
export interface Heap<T> {
  size(): number;
  add(item: T): void;
  take(): T | undefined;
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  /** Puts `item` at `hole` or, while a parent must come after it, further up. */
  function siftUp(item: T, from: number): void {
    let hole = from;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = items[above] as T;
      if (!before(item, parent)) break;
      items[hole] = parent;
      hole = above;
    }
    items[hole] = item;
  }

  function siftDown(item: T): void {
    let hole = 0;
    for (let below = firstBelow(hole); below < items.length; below = firstBelow(hole)) {
      const child = items[below] as T;
      if (!before(child, item)) break;
      items[hole] = child;
      hole = below;
    }
    items[hole] = item;
  }

  function firstBelow(hole: number): number {
    const left = 2 * hole + 1;
    const right = left + 1;
    return right < items.length && before(items[right] as T, items[left] as T) ? right : left;
  }

  return {
    size: () => items.length,
    add: (item) => siftUp(item, items.length),
    take() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) siftDown(last as T);
      return first;
    },
  };
}
