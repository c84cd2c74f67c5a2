import { expect, test } from 'vitest';
import type { ConfigLayer } from './resolve-config.ts';
import { freshnessLayer } from './source-freshness.ts';

const layer = (values: ConfigLayer['values']): ConfigLayer => ({
  values,
  spanOf: () => ({ file: 's.yml', line: 1, column: 1 }),
});

const HOURS = { count: 6, period: 'hour' };
const DAYS = { count: 2, period: 'day' };
const source = layer({
  freshness: { warn_after: HOURS, error_after: DAYS },
  loaded_at_field: 'seen_at',
});

// dbt's manifest of the reference project: visits, weather and holidays.
test.each([
  [{}, { freshness: { warn_after: HOURS, error_after: DAYS, filter: null }, field: 'seen_at' }],
  [
    { loaded_at_field: null, freshness: { warn_after: DAYS, filter: 'x > 1' } },
    { freshness: { warn_after: DAYS, error_after: DAYS, filter: 'x > 1' }, field: 'seen_at' },
  ],
  [{ freshness: null }, { freshness: null, field: 'seen_at' }],
])('%j', (table, { freshness, field }) => {
  expect(freshnessLayer(source, layer(table))?.values).toEqual({
    freshness,
    loaded_at_field: field,
    loaded_at_query: null,
  });
});

test('nothing is said of tables nobody asks about', () => {
  expect(freshnessLayer(layer({ tags: ['a'] }), layer({}))).toBeUndefined();
});
