import { describe, expect, it } from 'vitest';
import { createStyle } from './style.ts';
import { cutEnd, cutStart, displayWidth, fit, padStart } from './width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['Köln', 4],
    ['Ko\u0308ln', 4], // o and a combining diaeresis
    ['香港', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['🐎', 2],
    ['👩‍👩‍👧', 2], // one family, joined
    ['🇭🇰', 2], // one flag, two letters
    ['⚠\ufe0f', 2], // shown as emoji
    ['…', 1],
    ['a\u200bb', 2], // zero width space
    ['\u001b[1m\u001b[31mred\u001b[39m\u001b[22m', 3],
  ])('%j takes %i cells', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('cutEnd', () => {
  it('keeps what fits', () => {
    expect(cutEnd('trainer', 7)).toBe('trainer');
  });

  it('marks what is cut', () => {
    expect(cutEnd('trainer', 6)).toBe('train…');
    expect(cutEnd('trainer', 1)).toBe('…');
    expect(cutEnd('trainer', 0)).toBe('');
  });

  it('never cuts through a wide character', () => {
    expect(cutEnd('香港賽馬', 6)).toBe('香港…');
    expect(displayWidth(cutEnd('香港賽馬', 6))).toBe(5);
  });

  it('closes the colours of what it cuts', () => {
    const { red } = createStyle(true);
    expect(cutEnd(`${red('trainer')} x`, 6)).toBe('\u001b[31mtrain…\u001b[39m');
  });
});

it('cutStart keeps the end', () => {
  expect(cutStart('select 香港', 5)).toBe('…香港');
  expect(cutStart('abc', 3)).toBe('abc');
});

it('pads by cells, not by characters', () => {
  expect(fit('香港', 6)).toBe('香港  ');
  expect(fit('trainer', 4)).toBe('tra…');
  expect(padStart('港', 4)).toBe('  港');
});
