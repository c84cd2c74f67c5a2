import { expect, it } from 'vitest';
import { wrapWords } from './wrap-words.ts';

it.each([
  ['one two three', 13, ['one two three']],
  ['one two three', 12, ['one two', '  three']],
  ['one two three', 7, ['one two', '  three']],
  ['a extraordinary b', 5, ['a', '  extraordinary', '  b']],
  ['\u4e00\u4e00 x y', 6, ['\u4e00\u4e00 x', '  y']],
  ['', 5, ['']],
])('%j in %d cells', (text, width, lines) => {
  expect(wrapWords(text, width)).toEqual(lines);
});

it('lines may begin where the first does', () => {
  expect(wrapWords('one two three', 7, '')).toEqual(['one two', 'three']);
});
