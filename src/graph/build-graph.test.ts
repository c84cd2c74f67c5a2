import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VeloErrors } from '../core/errors.ts';
import { type Manifest, type Node, type NodeId, nodeId } from '../core/node.ts';
import { buildGraph } from './build-graph.ts';
import { manifestOf, modelNode, refTo, sourceNode, testNode } from './node-fixture.ts';

const id = (name: string): NodeId => nodeId('model', 'shop', name);

function errorsOf(manifest: Manifest) {
  try {
    buildGraph(manifest);
  } catch (error) {
    if (error instanceof VeloErrors) return error.errors;
    throw error;
  }
  throw new Error('no error was raised');
}

describe('references', () => {
  test('parents, children, ancestors, descendants and a deterministic order', () => {
    const graph = buildGraph(
      manifestOf([
        modelNode('mart', ['stage_b', 'stage_a', 'stage_b']),
        modelNode('stage_b', ['source:hk.runs']),
        modelNode('stage_a', ['source:hk.runs']),
        sourceNode('hk', 'runs'),
      ]),
    );
    expect(graph.parents(id('mart'))).toEqual([id('stage_b'), id('stage_a')]);
    expect(graph.children(id('stage_a'))).toEqual([id('mart')]);
    expect([...graph.upstream(id('mart'))].sort()).toEqual([
      id('stage_a'),
      id('stage_b'),
      'source.shop.hk.runs',
    ]);
    expect(graph.downstream('source.shop.hk.runs' as NodeId).size).toBe(3);
    expect(graph.order.map((node) => node.name)).toEqual(['hk.runs', 'stage_a', 'stage_b', 'mart']);
  });

  test('all errors are reported at once, with place and hint', () => {
    const errors = errorsOf(
      manifestOf(
        [
          modelNode('trainer_velocity'),
          modelNode('mart', ['traner_velocity', 'source:hk.rnus', 'old_report', 'is_unique']),
          sourceNode('hk', 'runs'),
          testNode('is_unique', ['mart'], id('mart')),
        ],
        [modelNode('old_report', [], { path: 'models/old/old_report.sql' })],
      ),
    );
    expect(
      errors.map(({ code, message, hint, span }) => [code, message, hint, span?.line]),
    ).toEqual([
      [
        'unknown-ref',
        "ref('traner_velocity') matches no node",
        "did you mean 'trainer_velocity'?",
        1,
      ],
      ['unknown-source', "source('hk', 'rnus') matches no source", "did you mean 'hk.runs'?", 2],
      [
        'disabled-ref',
        "ref('old_report') points at a disabled node",
        'it is disabled in models/old/old_report.sql',
        3,
      ],
      ['unknown-ref', "ref('is_unique') matches no node", undefined, 4],
    ]);
  });
});

describe('names in several packages and versions', () => {
  test('the own package wins, then the root project; a named package is final', () => {
    const inPackage = (packageName: string, name: string, refs: string[] = []) =>
      modelNode(name, refs, { packageName });
    const graph = buildGraph(
      manifestOf([
        inPackage('shop', 'days'),
        inPackage('tools', 'days'),
        inPackage('tools', 'own', ['days']),
        inPackage('other', 'root', ['days']),
        inPackage('other', 'named', ['tools.days']),
        inPackage('tools', 'alone'),
        inPackage('shop', 'far', ['alone']),
      ]),
    );
    const parent = (packageName: string, name: string) =>
      graph.parents(nodeId('model', packageName, name))[0];
    expect(parent('tools', 'own')).toBe('model.tools.days');
    expect(parent('other', 'root')).toBe('model.shop.days');
    expect(parent('other', 'named')).toBe('model.tools.days');
    expect(parent('shop', 'far')).toBe('model.tools.alone');
  });

  test('a name that two other packages have is ambiguous', () => {
    const [error] = errorsOf(
      manifestOf([
        modelNode('days', [], { packageName: 'b' }),
        modelNode('days', [], { packageName: 'a' }),
        modelNode('mart', ['days']),
      ]),
    );
    expect(error?.code).toBe('duplicate-name');
    expect(error?.message).toBe("ref('days') could be any of model.a.days, model.b.days");
  });

  test('a versioned model is found by its version, and by name as the latest', () => {
    const version = (label: string, latest: boolean): Node =>
      modelNode('dim', [], {
        id: nodeId('model', 'shop', 'dim', `v${label}`),
        version: { label, latest },
      });
    const pinned = { ...refTo('dim'), path: ['dim.v3'] };
    const graph = buildGraph(
      manifestOf([
        version('2', true),
        version('3', false),
        modelNode('mart', [], { references: [refTo('dim'), pinned] }),
      ]),
    );
    expect(graph.parents(id('mart'))).toEqual(['model.shop.dim.v2', 'model.shop.dim.v3']);
  });

  test('a reference that was not there when parsing is an error, too', () => {
    const mart = modelNode('mart');
    const graph = buildGraph(manifestOf([mart]));
    expect(() => graph.resolve(mart, refTo('nope'))).toThrow("ref('nope') matches no node");
  });
});

describe('cycles', () => {
  test('the shortest way round, with the place of every ref', () => {
    const [error, ...others] = errorsOf(
      manifestOf([
        modelNode('a', ['root', 'b']),
        modelNode('b', ['c']),
        modelNode('c', ['d', 'a']),
        modelNode('d', ['e']),
        modelNode('e', ['a']),
        modelNode('root'),
        modelNode('behind', ['a']),
      ]),
    );
    expect(others).toEqual([]);
    expect(error?.code).toBe('dependency-cycle');
    expect(error?.message).toMatch(/: a -> b -> c -> a$/);
    expect(error?.span).toEqual({ file: 'models/a.sql', line: 2, column: 5 });
    expect(error?.trace.map(({ text, span }) => `${span.file}:${span.line} ${text}`)).toEqual([
      "models/a.sql:2 a: ref('b')",
      "models/b.sql:1 b: ref('c')",
      "models/c.sql:2 c: ref('a')",
    ]);
  });

  test('separate circles are separate errors; a node may be its own circle', () => {
    const errors = errorsOf(
      manifestOf([modelNode('z', ['z']), modelNode('x', ['y', 'z']), modelNode('y', ['x'])]),
    );
    expect(errors.map((error) => error.message.split(': ')[1])).toEqual(['x -> y -> x', 'z -> z']);
  });

  test('property: buildGraph fails exactly on graphs with a circle, and otherwise orders them', () => {
    const anyRefs = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(anyRefs, (refs) => {
        const names = (to: readonly number[]) => to.map((i) => `n${i}`);
        const manifest = manifestOf(refs.map((to, i) => modelNode(`n${i}`, names(to))));
        if (hasCycle(refs)) expectCycle(manifest, refs);
        else expectOrder(manifest, refs);
      }),
    );
  });
});

const numberOf = (name = ''): number => Number(name.slice(1));

function expectCycle(manifest: Manifest, refs: readonly (readonly number[])[]): void {
  const names = errorsOf(manifest)[0]?.message.split(': ')[1]?.split(' -> ') ?? [];
  expect(names.at(-1)).toBe(names[0]);
  for (const [i, name] of names.slice(0, -1).entries()) {
    expect(refs[numberOf(name)]).toContain(numberOf(names[i + 1]));
  }
}

function expectOrder(manifest: Manifest, refs: readonly (readonly number[])[]): void {
  const order = buildGraph(manifest).order.map((node) => numberOf(node.name));
  expect([...order].sort()).toEqual([...refs.keys()]);
  for (const [child, parents] of refs.entries()) {
    const later = parents.filter((parent) => order.indexOf(parent) >= order.indexOf(child));
    expect(later).toEqual([]);
  }
}

/** By the definition: some node reaches itself (Warshall's closure). */
function hasCycle(refs: readonly (readonly number[])[]): boolean {
  const reaches = refs.map((to) => refs.map((_, j) => to.includes(j)));
  for (const k of refs.keys()) {
    for (const i of refs.keys()) {
      for (const j of refs.keys()) {
        if (reaches[i]?.[k] && reaches[k]?.[j]) (reaches[i] as boolean[])[j] = true;
      }
    }
  }
  return reaches.some((row, i) => row[i]);
}

describe('gateOf', () => {
  const graph = buildGraph(
    manifestOf([
      sourceNode('hk', 'runs'),
      modelNode('stage', ['source:hk.runs']),
      modelNode('mart', ['stage']),
      modelNode('apart', ['stage']),
      modelNode('inline', ['mart'], { buildable: false, materialized: 'ephemeral' }),
      testNode('own', ['mart'], id('mart')),
      testNode('upstream', ['stage', 'mart', 'source:hk.runs'], id('mart')),
      testNode('downstream', ['stage', 'mart'], id('stage')),
      testNode('unrelated', ['apart', 'mart'], id('mart')),
      testNode('on_source', ['source:hk.runs'], 'source.shop.hk.runs' as NodeId),
      testNode('on_inline', ['inline'], id('inline')),
      testNode('singular', ['mart', 'stage']),
      testNode('singular_apart', ['mart', 'apart']),
      testNode('singular_inline', ['stage', 'inline']),
      testNode('singular_nothing', []),
    ]),
  );
  test.each([
    ['own', 'mart'],
    ['upstream', 'mart'],
    ['downstream', undefined],
    ['unrelated', undefined],
    ['on_source', undefined],
    ['on_inline', undefined],
    ['singular', 'mart'],
    ['singular_apart', undefined],
    ['singular_inline', undefined],
    ['singular_nothing', undefined],
  ])('%s -> %s', (name, gate) => {
    expect(graph.gateOf(nodeId('test', 'shop', name))).toBe(gate && id(gate));
  });
  test('a model is no test', () => expect(graph.gateOf(id('mart'))).toBeUndefined());
});

test('10,000 nodes with 30,000 references are one graph', () => {
  const name = (i: number) => `node_${i}`;
  const models = Array.from({ length: 10_000 }, (_, i) =>
    modelNode(name(i), i < 3 ? [] : [name(i - 1), name(Math.floor(i / 2)), name(i - 3)]),
  );
  const manifest = manifestOf(models);
  const graph = buildGraph(manifest);
  expect(graph.order.at(-1)?.name).toBe('node_9999');
});
