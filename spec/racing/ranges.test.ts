import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');

interface Column {
  readonly name: string;
  readonly data_tests?: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly config?: { readonly meta?: { readonly unit?: string } };
}

interface Properties {
  readonly models: readonly { readonly name: string; readonly columns: readonly Column[] }[];
}

/** Units of what is no number: names, words, dates, and what is true or false. */
const NO_NUMBER = /source code|word|date|time|clock|true or false|^text$/;

const testsOf = ({ data_tests = [] }: Column): readonly string[] =>
  data_tests.flatMap((one) => (typeof one === 'string' ? one : Object.keys(one)));

test('racing.md §5.8: every number of every feature table has a range', () => {
  const models = ['models/features/_features.yml', 'models/marts/_marts.yml'].flatMap(
    (file) => (parse(readFileSync(join(ROOT, file), 'utf8')) as Properties).models,
  );
  const numbers = models.flatMap(({ name, columns }) =>
    columns
      .filter(({ config }) => config?.meta?.unit && !NO_NUMBER.test(config.meta.unit))
      .map((column) => ({ label: `${name}.${column.name}`, tests: testsOf(column) })),
  );
  expect(numbers.length).toBeGreaterThan(250);
  const ranges = ['accepted_range', 'accepted_values', 'expression_is_true'];
  const without = numbers.filter(({ tests }) => !tests.some((one) => ranges.includes(one)));
  // race_no orders the races of a day: sources number them as they like.
  expect(without.map(({ label }) => label)).toEqual(['training_dataset.race_no']);
});
