import { describe, expect, it } from 'vitest';
import { changedMacros } from './changed-macros.ts';
import { differs, differsIn, PARTS } from './compare-entries.ts';
import { contractBreaks } from './contract-breaks.ts';
import type { ManifestEntry } from './manifest-entries.ts';

const MODEL: ManifestEntry = {
  resource_type: 'model',
  fqn: ['shop', 'orders'],
  raw_code: 'select 1 as id',
  description: 'Orders.',
  config: { persist_docs: {}, tags: ['daily'] },
  unrendered_config: { materialized: "{{ var('how') }}", tags: ['daily'] },
  columns: { id: { name: 'id', description: 'Key.', data_type: 'integer' } },
  contract: { enforced: true, checksum: 'a' },
  original_file_path: 'models/orders.sql',
};

const partsOf = (change: ManifestEntry, before = MODEL): readonly string[] =>
  PARTS.filter((part) => differsIn(part, { ...before, ...change }, before));

describe('parts of a model', () => {
  it.each<[string, ManifestEntry, readonly string[]]>([
    ['SQL', { raw_code: 'select 2 as id' }, ['body']],
    ['a setting', { unrendered_config: { materialized: 'table' } }, ['configs']],
    ['where it goes', { unrendered_config: { ...setting(), schema: 'x' } }, ['relation']],
    ['tags', { unrendered_config: { ...setting(), tags: [] } }, []],
    ['what a variable makes of a setting', { config: { materialized: 'table' } }, []],
    ['a description that is kept nowhere', { description: 'Other.' }, []],
    ['a contract', { contract: { enforced: true, checksum: 'b' } }, ['contract']],
    ['its file', { original_file_path: 'models/new/orders.sql' }, []],
  ])('%s', (_, change, parts) => {
    expect(partsOf(change)).toEqual(parts);
    expect(differs({ ...MODEL, ...change }, MODEL)).toBe(parts.length > 0);
  });

  it('descriptions count where they are written into the database', () => {
    const kept = (relation: boolean, columns: boolean): ManifestEntry => ({
      ...MODEL,
      config: { persist_docs: { relation, columns } },
    });
    const words = { description: 'Other.' };
    const column = { columns: { id: { name: 'id', description: 'Other.' } } };
    expect(partsOf(words, kept(true, false))).toEqual(['persisted_descriptions']);
    expect(partsOf(words, kept(false, true))).toEqual([]);
    expect(partsOf(column, kept(false, true))).toEqual(['persisted_descriptions']);
    expect(partsOf(column, kept(true, false))).toEqual([]);
  });

  it('another place among the folders is a change, too, but of no part', () => {
    const moved = { ...MODEL, fqn: ['shop', 'new', 'orders'] };
    expect([differs(moved, MODEL), partsOf(moved)]).toEqual([true, []]);
  });
});

function setting() {
  return MODEL['unrendered_config'] as Readonly<Record<string, unknown>>;
}

it('dbt writes a list of YAML twice', () => {
  const keyed = (key: readonly string[]): ManifestEntry => ({
    ...MODEL,
    unrendered_config: { unique_key: key },
  });
  expect(differs(keyed(['id', 'day']), keyed(['id', 'day', 'id', 'day']))).toBe(false);
  expect(differs(keyed(['id', 'day']), keyed(['id', 'hour', 'id', 'hour']))).toBe(true);
});

it('a source has no body', () => {
  const source = { resource_type: 'source', fqn: ['shop', 'feed', 'visits'], identifier: 'v1' };
  const moved = { ...source, identifier: 'v2' };
  expect(partsOf(moved, source)).toEqual(['relation']);
});

describe('contracts', () => {
  const columns = { id: { data_type: 'bigint' }, added: { data_type: 'text' } };

  it('break by what is lost', () => {
    expect(contractBreaks({ ...MODEL, columns: {} }, MODEL)).toEqual(['column id is gone']);
    expect(contractBreaks({ ...MODEL, columns }, MODEL)).toEqual([
      'column id has another type (integer -> bigint)',
    ]);
    const loose = { ...MODEL, contract: { enforced: false } };
    expect(contractBreaks(loose, MODEL)).toEqual(['it is not enforced any more']);
  });

  it('do not break by what is added', () => {
    const more = { id: { data_type: 'integer' }, added: { data_type: 'text' } };
    expect(contractBreaks({ ...MODEL, columns: more }, MODEL)).toEqual([]);
    expect(contractBreaks(MODEL, { ...MODEL, contract: { enforced: false } })).toEqual([]);
  });
});

it('a macro that calls a changed one, or one that calls it, has changed', () => {
  const macro = (name: string, text: string, ...macros: readonly string[]) => ({
    ...{ name, text, macros, packageName: 'shop', path: 'macros/m.sql', description: '' },
    ...{ arguments: [], meta: {}, propertiesPath: undefined },
  });
  const now = [
    macro('outer', 'o', 'macro.shop.middle'),
    macro('middle', 'm', 'macro.shop.inner', 'macro.dbt.is_incremental'),
    macro('inner', 'changed'),
    macro('other', 'x\n'),
    macro('fresh', 'f'),
  ];
  const then = Object.fromEntries(
    [
      ['outer', 'o'],
      ['middle', 'm'],
      ['inner', 'i'],
      ['other', 'x'],
    ].map(([name, text]) => [`macro.shop.${name}`, { macro_sql: String(text) }]),
  );
  const changed = ['fresh', 'inner', 'middle', 'outer'].map((name) => `macro.shop.${name}`);
  expect([...changedMacros(now, then)].sort()).toEqual(changed);
});
