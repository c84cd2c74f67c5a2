import { expect, test } from 'vitest';
import { selectorDefinition } from './selector-definition.ts';

test.each([
  ['tag:staging', { method: 'tag', value: 'staging' }],
  ['dim_products', { method: 'fqn', value: 'dim_products' }],
  ['models/marts', { method: 'path', value: 'models/marts' }],
  ['2+x+', { method: 'fqn', value: 'x', parents: true, parents_depth: 2, children: true }],
  ['@x', { method: 'fqn', value: 'x', childrens_parents: true }],
  [
    { 'config.materialized': 'incremental' },
    { method: 'config.materialized', value: 'incremental' },
  ],
  [
    { method: 'fqn', value: 'x', children: true, children_depth: 1, parents: null },
    { method: 'fqn', value: 'x', children: true, children_depth: 1 },
  ],
  [
    { union: ['tag:a', { exclude: [{ tag: 'b' }] }] },
    {
      union: [{ method: 'tag', value: 'a' }, { exclude: [{ method: 'tag', value: 'b' }] }],
    },
  ],
])('%j', (written, expected) => {
  expect(selectorDefinition(written)).toEqual(expected);
});
