import { type BuiltIn, builtIns } from './built-in.ts';
import { jsonFilters } from './filters/json.ts';
import { markupFilters } from './filters/markup.ts';
import { numberFilters } from './filters/numbers.ts';
import { selectionFilters } from './filters/selection.ts';
import { sequenceFilters } from './filters/sequences.ts';
import { textFilters } from './filters/text.ts';
import { wrapFilters } from './filters/wrap.ts';
import { toText } from './python/text.ts';
import { VALUE_TESTS } from './value-tests.ts';

/** Every filter of Jinja2 and the four of dbt. */
export const FILTERS: ReadonlyMap<string, BuiltIn> = new Map([
  ...textFilters,
  ...wrapFilters,
  ...numberFilters,
  ...sequenceFilters,
  ...markupFilters,
  ...jsonFilters,
  ...selectionFilters(
    (name) => FILTERS.get(name),
    (name) => TESTS.get(name),
  ),
]);

/** Every test of Jinja2. */
export const TESTS: ReadonlyMap<string, BuiltIn> = new Map([
  ...VALUE_TESTS,
  ...builtIns({
    filter: ['value', (value) => FILTERS.has(toText(value))],
    test: ['value', (value) => TESTS.has(toText(value))],
  }),
]);
