import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeap } from './heap.ts';

test('property: adding and taking in any order always takes the smallest', () => {
  const takes = fc.constant(undefined);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(20), takes), { maxLength: 80 }), (moves) => {
      const heap = createHeap<number>((a, b) => a < b);
      const held: number[] = [];
      for (const move of moves) {
        if (move === undefined) {
          expect(heap.take()).toBe(held.sort((a, b) => a - b).shift());
        } else {
          heap.add(move);
          held.push(move);
        }
        expect(heap.size()).toBe(held.length);
      }
    }),
  );
});
