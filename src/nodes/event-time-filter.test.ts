import { describe, expect, it } from 'vitest';
import { duckdbDialect } from '../adapters/duckdb/dialect.ts';
import { modelNode } from '../graph/node-fixture.ts';
import { toText } from '../jinja/value.ts';
import { batchNames, eventTimeFilter } from './event-time-filter.ts';

const DAY = { start: Date.UTC(2024, 0, 5), end: Date.UTC(2024, 0, 6) };
const TEXT = '"shop"."main_staging"."stg_events"';
const events = modelNode('stg_events', [], { config: { event_time: 'happened_at' } });

describe('the rows of a batch', () => {
  // sql/duckdb-first and sql/postgres-first of dbt's records.
  const recorded = `(select * from ${TEXT} where happened_at >= '2024-01-05 00:00:00+00:00' and happened_at < '2024-01-06 00:00:00+00:00')`;

  it('are chosen as dbt-duckdb does', () => {
    expect(eventTimeFilter(events, TEXT, DAY, duckdbDialect)).toBe(recorded);
  });

  it('are chosen as dbt-postgres does where a subquery needs a name', () => {
    const capabilities = { ...duckdbDialect.capabilities, namesSubqueries: true };
    const dialect = { ...duckdbDialect, capabilities };
    const alias = ' _dbt_et_filter_subq_stg_events';
    expect(eventTimeFilter(events, TEXT, DAY, dialect)).toBe(recorded + alias);
  });

  it('are all there are of an input without event_time', () => {
    const plain = modelNode('customers');
    expect(eventTimeFilter(plain, TEXT, DAY, duckdbDialect)).toBeUndefined();
  });
});

it('model.batch holds datetimes that print as Python’s', () => {
  const names = batchNames(DAY, { batchSize: 'day', begin: 0, lookback: 1 });
  expect(Object.values(names).map((value) => toText(value))).toEqual([
    '20240105',
    '2024-01-05 00:00:00+00:00',
    '2024-01-06 00:00:00+00:00',
  ]);
});
