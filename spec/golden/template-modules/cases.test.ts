import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResultTable } from '../../../src/core/result-table.ts';
import { layeredContext } from '../../../src/jinja/context.ts';
import { agateTable } from '../../../src/jinja/contexts/agate-table.ts';
import { modulesValue } from '../../../src/jinja/contexts/modules/modules.ts';
import { dumpYaml } from '../../../src/jinja/contexts/yaml-dump.ts';
import { parseYaml } from '../../../src/jinja/contexts/yaml-load.ts';
import { toRepr } from '../../../src/jinja/python/text.ts';
import { render } from '../../../src/jinja/render.ts';
import { parseTemplate } from '../../../src/jinja/template.ts';
import { toValue, type Value } from '../../../src/jinja/value.ts';

type Pairs = readonly (readonly [string, string])[];

/** Recorded from Python by record-cases.py beside this file. */
const cases: {
  readonly modules: Pairs;
  readonly tables: Pairs;
  readonly dump: readonly (readonly [unknown, string])[];
  readonly load: Pairs;
} = JSON.parse(readFileSync(join(import.meta.dirname, 'cases.json'), 'utf8'));

const answer = (text: string, names: Readonly<Record<string, Value>>): string =>
  render(parseTemplate({ file: 'case.sql', text }), layeredContext([names])).text;

const modules = modulesValue(() => 0);
const moduleNames = {
  dt: modules.getAttribute('datetime'),
  re: modules.getAttribute('re'),
  pytz: modules.getAttribute('pytz'),
  it: modules.getAttribute('itertools'),
};

describe('modules answer as Python does', () => {
  test.each(cases.modules)('%s', (text, expected) => {
    expect(answer(text, moduleNames)).toBe(expected);
  });
});

/** The rows of record-cases.py as an adapter hands them on. */
const TABLE: ResultTable = {
  columns: [
    { name: 'id', kind: 'integer', type: 'INTEGER' },
    { name: 'name', kind: 'text', type: 'VARCHAR' },
    { name: 'price', kind: 'decimal', type: 'DECIMAL(10,2)' },
    { name: 'ratio', kind: 'float', type: 'DOUBLE' },
    { name: 'on', kind: 'boolean', type: 'BOOLEAN' },
    { name: 'day', kind: 'date', type: 'DATE' },
    { name: 'at', kind: 'timestamp', type: 'TIMESTAMP' },
  ],
  rows: [
    [1, 'b', '1.50', 0.5, true, '2024-01-02', '2024-01-02 03:04:05'],
    [2, 'a', '20.00', 2, false, '2023-01-02', null],
    [3, null, null, 1e20, null, null, '2024-01-02 03:04:05.6'],
  ],
};

describe('tables answer as agate does', () => {
  test.each(cases.tables)('%s', (text, expected) => {
    const t = agateTable(TABLE, () => undefined);
    expect(answer(text, { t })).toBe(expected);
  });
});

describe('YAML is written as PyYAML writes it', () => {
  test.each(cases.dump)('%j', (value, expected) => {
    // JSON has one sort of number: 1.0 and 1e20 are floats in the record
    const isFloat = typeof value === 'number';
    expect(isFloat ? dumpYaml(parseFloatValue(value), false) : dumpYaml(toValue(value), false)).toBe(
      expected,
    );
  });
});

const parseFloatValue = (value: number): Value => parseYaml(value === 1 ? '1.0' : value > 1 ? '1.0e+20' : '1.0e-07');

describe('YAML is read as PyYAML reads it', () => {
  test.each(cases.load)('%j', (text, expected) => {
    const read = () => toRepr(parseYaml(text));
    if (expected === 'not YAML') expect(read).toThrow();
    else expect(read()).toBe(expected);
  });
});
