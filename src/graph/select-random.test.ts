import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Node, nodeId } from '../core/node.ts';
import { buildGraph } from './build-graph.ts';
import { INDIRECT_SELECTIONS } from './indirect-selection.ts';
import { manifestOf, modelNode, sourceNode, testNode } from './node-fixture.ts';
import { select } from './select.ts';
import {
  type MadeCriterion,
  type MadeGraph,
  type MadePart,
  selectByDefinition,
  textOf,
} from './selection-fixture.ts';

const KINDS = ['model', 'model', 'model', 'seed', 'source', 'test', 'unit_test', 'exposure'];

interface Drawn {
  readonly kind: string;
  readonly reads: readonly number[];
  readonly tags: readonly string[];
  readonly packageName: string;
  readonly folder: string;
  readonly config: Readonly<Record<string, string>>;
}

const drawnNode: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom(...KINDS),
  reads: fc.array(fc.nat(20), { maxLength: 3 }),
  tags: fc.subarray(['daily', 'core', 'slow']),
  packageName: fc.constantFrom('shop', 'shop', 'tools'),
  folder: fc.constantFrom('staging', 'marts'),
  config: fc.record({
    materialized: fc.constantFrom('view', 'table', 'incremental'),
    group: fc.constantFrom('finance', 'sales'),
    access: fc.constantFrom('public', 'protected'),
  }),
});

/** Sources and seeds read nothing; nothing reads tests and exposures. Each node reads those drawn before it. */
function graphOf(drawn: readonly Drawn[]): MadeGraph {
  const canRead = (i: number) => !['test', 'unit_test', 'exposure'].includes(drawn[i]?.kind ?? '');
  const edges = drawn.flatMap(({ kind, reads }, to) =>
    kind === 'source' || kind === 'seed'
      ? []
      : [...new Set(reads.map((n) => n % (to + 1)))]
          .filter((from) => from < to && canRead(from))
          .map((from) => [from, to] as const),
  );
  const nodes = drawn.map((one, i) => {
    const refs = edges.flatMap(([from, to]) => (to === i ? [refTo(drawn, from)] : []));
    return nodeOf(one, i, refs, drawn);
  });
  return { nodes, edges };
}

const nameOf = (i: number): string => `n${i}`;

const refTo = (drawn: readonly Drawn[], i: number): string => {
  const { kind = '', packageName = '' } = drawn[i] ?? {};
  return kind === 'source' ? `source:feed${i % 2}.${nameOf(i)}` : `${packageName}.${nameOf(i)}`;
};

function nodeOf(one: Drawn, i: number, refs: readonly string[], drawn: readonly Drawn[]): Node {
  const { kind, tags, packageName, folder, config } = one;
  const name = nameOf(i);
  const given = { tags, config };
  if (kind === 'source') return sourceNode(`feed${i % 2}`, name, given);
  const path = `models/${folder}/${name}.sql`;
  const fqn = [packageName, folder, name];
  if (kind === 'test') {
    const first = drawn.findIndex((_, at) => refs[0] === refTo(drawn, at));
    const attached = i % 2 === 0 && first >= 0 ? nodeId('model', 'shop', nameOf(first)) : undefined;
    return { ...testNode(name, refs, attached), ...given, path, fqn, packageName };
  }
  const id = nodeId(kind, packageName, name);
  return modelNode(name, refs, { ...given, id, kind, path, fqn, packageName });
}

const values: readonly (readonly [method: string, values: readonly string[]])[] = [
  [
    'fqn',
    ['n0', 'n1', 'n2', 'n3', 'n5', 'n8', 'shop', 'tools.marts', 'staging', 'shop.staging.n1'],
  ],
  ['tag', ['daily', 'c*', '*l?', '[ds]*', 'none']],
  ['path', ['models', 'models/marts', 'models/staging/n2.sql']],
  ['file', ['n1.sql', 'n4', 'n?']],
  ['source', ['feed0', 'feed*', '*']],
  ['exposure', ['*', 'n6']],
  ['resource_type', ['model', 'seed', 'source', 'test', 'unit_test', 'exposure']],
  ['package', ['this', 'tools', 't*']],
  ['config.materialized', ['view', 'table', 'in*']],
  ['group', ['finance', '*']],
  ['access', ['public', 'p*d']],
  ['test_name', ['unique', 'u*']],
  ['test_type', ['generic', 'singular', 'data', 'unit']],
];

const depth = fc.option(fc.constantFrom(0, 1, 2, Infinity), { nil: undefined, freq: 2 });

const criterion: fc.Arbitrary<MadeCriterion> = fc
  .constantFrom(...values.flatMap(([method, all]) => all.map((value) => ({ method, value }))))
  .chain((named) =>
    fc
      .record({ at: fc.boolean().map(Boolean), up: depth, down: depth })
      .map((around) =>
        around.at && around.up !== undefined
          ? { ...named, at: false, up: around.up, down: around.down }
          : { ...named, ...around, ...(around.at ? { up: undefined, down: undefined } : {}) },
      ),
  );

const parts: fc.Arbitrary<readonly MadePart[]> = fc.array(
  fc.array(criterion, { minLength: 1, maxLength: 3 }),
  { maxLength: 3 },
);

const written = (made: readonly MadePart[]): string[] =>
  made.map((part) => part.map(textOf).join(','));

test('a selection is what its definition says, for any graph, method, operator and mode', () => {
  fc.assert(
    fc.property(
      fc.array(drawnNode, { minLength: 1, maxLength: 14 }),
      parts,
      parts,
      fc.constantFrom(...INDIRECT_SELECTIONS),
      (drawn, include, exclude, mode) => {
        const made = graphOf(drawn);
        const graph = buildGraph(manifestOf(made.nodes));
        const { selected } = select(graph, {
          select: written(include),
          exclude: written(exclude),
          indirectSelection: mode,
        });
        expect([...selected].sort()).toEqual(
          [...selectByDefinition(made, include, exclude, mode)].sort(),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

test('blanks within one text unite as several texts do', () => {
  fc.assert(
    fc.property(
      fc.array(drawnNode, { minLength: 1, maxLength: 10 }),
      fc.array(fc.array(criterion, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
      (drawn, include) => {
        const graph = buildGraph(manifestOf(graphOf(drawn).nodes));
        const one = select(graph, { select: [written(include).join(' ')], exclude: [] });
        const many = select(graph, { select: written(include), exclude: [] });
        expect(one).toEqual(many);
      },
    ),
    { numRuns: 100 },
  );
});
