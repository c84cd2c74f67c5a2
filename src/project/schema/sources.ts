import * as z from 'zod';
import { count, optional, quoting, text } from '../../config/yaml-values.ts';
import { about, nodeKeys, ONE_NAME_FOR_TESTS, oneNameForTests, settings } from './common.ts';

const age = z.strictObject({
  count: optional(count, 'How many periods.'),
  period: optional(z.enum(['minute', 'hour', 'day']), 'minute, hour or day.'),
});

const loadedAt = {
  loaded_at_field: optional(text, 'Column, or expression, of when a row arrived.'),
  loaded_at_query: optional(text, 'Query that gives the newest arrival.'),
};

const freshness = z.strictObject({
  warn_after: optional(age, 'Older than this warns.'),
  error_after: optional(age, 'Older than this fails.'),
  filter: optional(text, 'Condition on the rows looked at.'),
  ...loadedAt,
});

/** What a source says for all its tables, and a table for itself. */
const shared = {
  ...loadedAt,
  freshness: optional(freshness, 'How old its newest row may be; empty: do not check.'),
  quoting: optional(quoting, 'How its names are written.'),
  loader: optional(text, 'What loads it: for people.'),
  external_location: optional(text, "velo's own: file or glob that stands for the table."),
};

const sourceTable = z
  .strictObject({
    ...nodeKeys,
    ...shared,
    identifier: optional(text, 'Its name in the database, when it differs.'),
    external: optional(z.unknown(), 'Of packages that create external tables.'),
  })
  .check(oneNameForTests)
  .meta({ id: 'sourceTable', title: 'A table of a source', ...ONE_NAME_FOR_TESTS });

/** One entry of `sources:`. */
export const source = z
  .strictObject({
    ...about,
    ...settings,
    ...shared,
    schema: optional(text, "Schema of its tables; default the source's name."),
    database: optional(text, "Database of its tables; default the target's."),
    catalog: optional(text, 'Another word for database.'),
    overrides: optional(text, 'Package whose source of this name this one replaces.'),
    tables: optional(z.array(sourceTable), 'Its tables.'),
  })
  .meta({ id: 'source', title: 'A source' });
