import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../core/errors.ts';
import { nodeId } from '../core/node.ts';
import { buildGraph, type Graph } from './build-graph.ts';
import { manifestOf, modelNode, testNode } from './node-fixture.ts';
import { select } from './select.ts';

const graph = buildGraph(
  manifestOf([
    modelNode('runs', [], { tags: ['raw'], path: 'models/raw/runs.sql' }),
    modelNode('speed', ['runs'], { path: 'models/marts/speed.ts' }),
    testNode('unique_speed', ['speed'], nodeId('model', 'shop', 'speed')),
  ]),
);

const names = (expression: string, exclude: readonly string[] = []): string[] =>
  [...select(graph, { select: [expression], exclude }).selected]
    .map((id) => graph.nodes.get(id)?.name ?? '')
    .sort();

describe('the grammar, where dbt has no record', () => {
  test('TypeScript models are files, and the test of a model comes with it', () => {
    expect(names('speed.ts')).toEqual(['speed', 'unique_speed']);
  });
  test('several --select arguments unite', () => {
    const { selected } = select(graph, {
      select: ['runs', 'speed'],
      exclude: ['resource_type:test'],
    });
    expect(selected.size).toBe(2);
  });
  test('a path may end in a slash and hold **', () => {
    expect(names('models/raw/')).toEqual(['runs']);
    expect(names('path:**/runs.sql')).toEqual(['runs']);
    expect(names('path:models/**')).toEqual(['runs', 'speed', 'unique_speed']);
    expect(names('path:mod*')).toEqual(['runs', 'speed', 'unique_speed']);
    expect(names('path:*.sql')).toEqual([]);
  });
  test('characters of regular expressions are just characters', () => {
    expect(names('run.')).toEqual([]);
    expect(names('run[!a-r]')).toEqual(['runs']);
    expect(names('(runs)*')).toEqual([]);
    expect(names('[')).toEqual([]);
  });
  test('an unknown method names the nearest one', () => {
    expect(() => names('tags:raw')).toThrow(
      expect.objectContaining({ code: 'selector-syntax', hint: "did you mean 'tag'?" }),
    );
    expect(() => names('tags:raw')).toThrow(ConfigError);
  });
  test('config needs a path, source at most three parts', () => {
    expect(() => names('config:table')).toThrow("'config:table' does not say which config");
    expect(() => names('source:a.b.c.d')).toThrow('too many parts');
  });
});

/** One criterion over nodes n0 … n9, written and evaluated here by the definition. */
interface Wanted {
  readonly node: number;
  readonly at: boolean;
  readonly up: number | undefined;
  readonly down: number | undefined;
}

const depths = fc.option(fc.constantFrom(0, 1, 2, Infinity), { nil: undefined });
const criteria: fc.Arbitrary<Wanted> = fc
  .record({ node: fc.nat(9), at: fc.boolean(), up: depths, down: depths })
  .map((wanted) => (wanted.at ? { ...wanted, up: undefined, down: undefined } : wanted));
const unions = fc.array(fc.array(criteria, { minLength: 1, maxLength: 3 }), { maxLength: 3 });
/** Node i reads some of those before it. */
const edges = fc.array(fc.array(fc.nat(8), { maxLength: 3 }), { minLength: 10, maxLength: 10 });

test('property: the same as sets by definition, on any graph', () => {
  fc.assert(
    fc.property(
      edges,
      fc.uniqueArray(fc.nat(9), { maxLength: 4 }),
      unions,
      unions,
      (to, tested, included, excluded) => {
        const parents = to.map((list, i) => [...new Set(list.filter((j) => j < i))]);
        const model = brute(parents, tested);
        const random = graphOf(parents, tested);
        const { selected } = select(random, {
          select: included.map(write),
          exclude: excluded.map(write),
        });
        const wanted = included.length === 0 ? model.all : model.union(included);
        const off = model.union(excluded);
        expect([...selected].map((id) => id.split('.')[2]).sort()).toEqual(
          [...wanted].filter((name) => !off.has(name)).sort(),
        );
      },
    ),
    { numRuns: 300 },
  );
});

function graphOf(parents: readonly (readonly number[])[], tested: readonly number[]): Graph {
  const models = parents.map((list, i) =>
    modelNode(
      `n${i}`,
      list.map((j) => `n${j}`),
    ),
  );
  const tests = tested.map((i) => testNode(`t${i}`, [`n${i}`, `n${(i * 7) % 10}`]));
  return buildGraph(manifestOf([...models, ...tests]));
}

const plus = (depth: number | undefined): string =>
  depth === undefined ? '' : depth === Infinity ? '+' : `${depth}`;

const write = (part: readonly Wanted[]): string =>
  part
    .map(({ node, at, up, down }) => {
      const before = up === undefined ? '' : `${plus(up).replace('+', '')}+`;
      const after = down === undefined ? '' : `+${plus(down).replace('+', '')}`;
      return `${at ? '@' : ''}${before}n${node}${after}`;
    })
    .join(',');

/** Distances by relaxing every edge until nothing changes; no graph walk is shared with the code under test. */
function brute(parents: readonly (readonly number[])[], tested: readonly number[]) {
  const testInputs = new Map(tested.map((i) => [`t${i}`, [`n${i}`, `n${(i * 7) % 10}`]]));
  const inputs = new Map<string, readonly string[]>([
    ...parents.map((list, i) => [`n${i}`, list.map((j) => `n${j}`)] as const),
    ...testInputs,
  ]);
  const all = new Set(inputs.keys());
  const far = (a: string, b: string) => distance.get(`${a}>${b}`) ?? Infinity;
  const distance = new Map<string, number>([...all].map((name) => [`${name}>${name}`, 0]));
  for (const _ of all) {
    for (const [child, from] of inputs) {
      for (const parent of from) {
        for (const top of all) {
          const key = `${top}>${child}`;
          distance.set(key, Math.min(far(top, child), far(top, parent) + 1));
        }
      }
    }
  }
  const above = (name: string, depth: number) =>
    [...all].filter((top) => far(top, name) <= depth && far(top, name) < Infinity);
  const below = (name: string, depth: number) =>
    [...all].filter((low) => far(name, low) <= depth && far(name, low) < Infinity);
  const one = ({ node, at, up, down }: Wanted): Set<string> => {
    const name = `n${node}`;
    const base = at
      ? below(name, Infinity).flatMap((low) => above(low, Infinity))
      : [...above(name, up ?? 0), ...below(name, down ?? 0)];
    const chosen = new Set([name, ...base]);
    const tests = [...testInputs].filter(([, from]) => from.some((input) => chosen.has(input)));
    return new Set([...chosen, ...tests.map(([test]) => test)]);
  };
  const union = (parts: readonly (readonly Wanted[])[]) =>
    new Set(
      parts.flatMap((part) =>
        [...all].filter((name) => part.every((wanted) => one(wanted).has(name))),
      ),
    );
  return { all, union };
}
