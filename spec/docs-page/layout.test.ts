import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageFunctions, siteOf } from './page-functions.ts';

const { around, layOut } = pageFunctions();

const graphs = fc
  .array(fc.array(fc.nat(40), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .map((lists) => lists.map((list, i) => [...new Set(list.filter((parent) => parent < i))]));

test('nodes stand right of all they read, none on another, every edge once', () => {
  fc.assert(
    fc.property(graphs, (parents) => {
      const { at, edges } = layOut(siteOf(parents), new Set(parents.keys()));
      expect(at.size).toBe(parents.length);
      for (const [from, to] of edges) expect(at.get(from)?.[0]).toBeLessThan(at.get(to)?.[0] ?? 0);
      expect(new Set([...at.values()].map(String)).size).toBe(parents.length);
      expect(edges.length).toBe(parents.flat().length);
    }),
  );
});

test('what is around a node, by hand', () => {
  // 0 → 1 → 2 → 3, and 4 → 2 → 5.
  const site = siteOf([[], [0], [1, 4], [2], [], [2]].map((list) => list.filter((i) => i >= 0)));
  expect([...around(site, 2, 1, 1)].sort()).toEqual([1, 2, 3, 4, 5]);
  expect([...around(site, 2, 2, 0)].sort()).toEqual([0, 1, 2, 4]);
  expect([...around(site, 0, 0, 9)].sort()).toEqual([0, 1, 2, 3, 5]);
});
