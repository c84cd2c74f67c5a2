import { expect, test } from 'vitest';
import { columnInfo } from './column-info.ts';

const described = { description: '', docBlocks: [] };

test.each([
  [{ outcome: true }, { outcome: true }],
  [{ outcome: false }, { outcome: false }],
  [{ outcome: "place <> 'WD'" }, { outcome: "place <> 'WD'" }],
  [{ outcome: 'True' }, { outcome: true }],
  [{ outcome: null }, {}],
  [{ config: { outcome: true } }, { outcome: true }],
  [{ outcome: false, config: { outcome: true } }, { outcome: false }],
  [{ meta: { outcome: true, label: true } }, { outcome: true, label: true }],
  [{ config: { meta: { outcome: true } } }, { outcome: true }],
  // Anybody may keep a word of theirs in meta.
  [{ meta: { outcome: 'of the trial', label: 'Outcome' } }, {}],
  [{ label: true }, { label: true }],
  [{ label: false }, {}],
  [{}, {}],
])('%j', (column, expected) => {
  const { outcome, label } = columnInfo({ name: 'a', ...column }, described);
  expect({ outcome, label }).toEqual({ outcome: undefined, label: undefined, ...expected });
});
