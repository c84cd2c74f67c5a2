import { expect, test } from 'vitest';
import { resultsText } from './results-file.ts';

const ORDER = ['startup', 'hk', 'engine'];
const BEFORE = `# Benchmarks

Old header.

## startup

Old startup.

## engine

Old engine, with

### a heading below
`;

test('only the measured sections change, and the header', () => {
  const fresh = new Map([['engine', 'New engine.\n']]);
  expect(resultsText(BEFORE, '# Benchmarks\n\nNew header.\n', fresh, ORDER)).toBe(`# Benchmarks

New header.

## startup

Old startup.

## engine

New engine.
`);
});

test('a new section stands where its group does, the rest stays', () => {
  const text = resultsText(BEFORE, '# B', new Map([['hk', 'New hk.']]), ORDER);
  expect(text).toBe(`# B

## startup

Old startup.

## hk

New hk.

## engine

Old engine, with

### a heading below
`);
});

test('sections of groups that are no more go', () => {
  expect(resultsText(BEFORE, '# B', new Map(), ['engine'])).not.toContain('startup');
});

test('the first results need no file before them', () => {
  const text = resultsText(
    '',
    '# B',
    new Map([
      ['hk', 'H.'],
      ['startup', 'S.'],
    ]),
    ORDER,
  );
  expect(text).toBe('# B\n\n## startup\n\nS.\n\n## hk\n\nH.\n');
});

test('what is written is read back the same', () => {
  const once = resultsText(BEFORE, '# B', new Map(), ORDER);
  expect(resultsText(once, '# B', new Map(), ORDER)).toBe(once);
});
