import { expect, it } from 'vitest';
import { createStyle, wantsColours } from './style.ts';

it('colours with SGR codes, and only when asked to', () => {
  expect(createStyle(true).red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(createStyle(true).red('')).toBe('');
  expect(createStyle(false).red('x')).toBe('x');
});

it.each([
  [{ env: {}, isTTY: true }, true],
  [{ env: {}, isTTY: false }, false],
  [{ env: { NO_COLOR: '1' }, isTTY: true }, false],
  [{ env: { NO_COLOR: '' }, isTTY: true }, true],
  [{ env: { TERM: 'dumb' }, isTTY: true }, false],
  [{ env: { NO_COLOR: '1' }, isTTY: false, flag: true }, true],
  [{ env: {}, isTTY: true, flag: false }, false],
])('%j: %s', (wish, expected) => {
  expect(wantsColours(wish)).toBe(expected);
});
