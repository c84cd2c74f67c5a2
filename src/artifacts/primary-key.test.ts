import { expect, test } from 'vitest';
import { type Node, nodeId } from '../core/node.ts';
import { manifestInput } from './artifact-fixture.ts';
import { testedKeys } from './primary-key.ts';

const model = nodeId('model', 'shop', 'stg_visits');
const generic = [...manifestInput.manifest.nodes.values()].find(({ check }) => check?.generic);

function tested(name: string, args: Readonly<Record<string, unknown>>): Node {
  if (!generic?.check) throw new Error('the fixture has no generic test');
  return { ...generic, check: { ...generic.check, generic: { name, args } } };
}

const unique = (column: string) => tested('unique', { column_name: column });
const notNull = (column: string) => tested('not_null', { column_name: column });

// dbt documents the order of precedence: unique and not null, unique, a disabled test of unique.
test.each([
  { enabled: [unique('a'), unique('b'), notNull('b')], disabled: [], key: ['b'] },
  { enabled: [notNull('a')], disabled: [unique('a')], key: ['a'] },
  { enabled: [unique('a'), notNull('b')], disabled: [], key: ['a'] },
  { enabled: [notNull('b')], disabled: [unique('a')], key: ['a'] },
  { enabled: [notNull('b')], disabled: [], key: [] },
  {
    enabled: [tested('unique_combination_of_columns', { combination_of_columns: ['a', 'b'] })],
    disabled: [],
    key: ['a', 'b'],
  },
])('key $key', ({ enabled, disabled, key }) => {
  expect(testedKeys(enabled, disabled)(model)).toEqual(key);
});

test('a model without tests has no key', () => {
  expect(testedKeys([], [])(model)).toEqual([]);
});
