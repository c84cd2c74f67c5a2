import { expect, it } from 'vitest';
import type { Node } from '../../core/node.ts';
import { manifestOf, modelOf, nodeOf, resultOf } from './run-fixture.ts';
import { finishedLine, foundLine } from './run-stats.ts';

const many = (count: number, make: (name: string) => Node): Node[] =>
  Array.from({ length: count }, (_, index) => make(`n${index}`));

it('counts what a project holds as dbt does (016-seed)', () => {
  const kinds: readonly (readonly [string, number])[] = [
    ['unit_test', 6],
    ['source', 4],
    ['model', 36],
    ['test', 28],
    ['snapshot', 4],
    ['analysis', 1],
    ['seed', 7],
    ['operation', 3],
    ['exposure', 2],
    ['metric', 1],
    ['group', 2],
    ['semantic_model', 1],
    ['saved_query', 1],
  ];
  const nodes = kinds.flatMap(([kind, count]) => many(count, (name) => nodeOf(kind, name)));
  const macro = {
    name: 'm',
    packageName: 'shop',
    path: '',
    text: '',
    description: '',
    arguments: [],
    meta: {},
    propertiesPath: undefined,
    macros: [],
  };
  const manifest = { ...manifestOf(nodes), macros: Array.from({ length: 532 }, () => macro) };
  expect(foundLine(manifest)).toBe(
    'Found 36 models, 4 snapshots, 1 analysis, 28 data tests, 7 seeds, 3 operations, 4 sources, 2 exposures, 1 metric, 532 macros, 2 groups, 1 semantic model, 1 saved query, 6 unit tests',
  );
});

it('counts what ran as dbt does (021-build-first)', () => {
  const nodes = [
    ...many(9, (name) => modelOf(`view_${name}`, 'view')),
    ...many(13, (name) => modelOf(`table_${name}`, 'table')),
    ...many(8, (name) => modelOf(`incremental_${name}`, 'incremental')),
    ...many(28, (name) => nodeOf('test', name)),
    ...many(6, (name) => nodeOf('unit_test', name)),
    ...many(7, (name) => nodeOf('seed', name)),
    ...many(4, (name) => nodeOf('snapshot', name)),
    ...many(3, (name) => nodeOf('operation', name)),
    ...many(2, (name) => nodeOf('exposure', name)),
    nodeOf('saved_query', 'orders_by_day'),
    modelOf('exp_orders', 'external'),
    modelOf('rpt_stamped', 'stamped'),
  ];
  const results = nodes.map((node) => resultOf(node));
  const run = { results, elapsedMs: 62_340, interrupted: false };
  expect(finishedLine(run, manifestOf(nodes))).toBe(
    'Finished running 2 exposures, 1 external model, 8 incremental models, 3 project hooks, 1 saved query, 7 seeds, 4 snapshots, 1 stamped model, 13 table models, 28 data tests, 6 unit tests, 9 view models in 0 hours 1 minutes and 2.34 seconds (62.34s).',
  );
});
