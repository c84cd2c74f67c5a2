import { expect, test } from 'vitest';
import { pageFunctions, siteOf } from './page-functions.ts';

const { search, searchIndex } = pageFunctions();

const about = [
  { name: 'orders', description: 'One row for each order', columns: [] },
  { name: 'customers', description: 'Who orders', columns: [] },
  {
    name: 'stg_items',
    description: '',
    columns: [{ name: 'order_id', description: 'what was bought together' }],
  },
  { name: 'orders_by_day', description: '', columns: [{ name: 'day', description: '' }] },
];
const site = {
  ...siteOf(about.map(() => [])),
  nodes: siteOf(about.map(() => [])).nodes.map((node, i) => ({ ...node, ...about[i] })),
};
const found = (text: string) =>
  search(site, searchIndex(site), text).map(({ position }) => about[position]?.name);

test.each([
  ['orders', ['orders', 'orders_by_day', 'customers']],
  ['order_id', ['stg_items']],
  ['BOUGHT', ['stg_items']],
  ['orders day', ['orders_by_day']],
  ['m2.sql', ['stg_items']],
  ['nowhere', []],
  ['  ', []],
])('%s', (text, names) => {
  expect(found(text)).toEqual(names);
});
