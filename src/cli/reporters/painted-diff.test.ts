import { expect, it } from 'vitest';
import { createStyle, PLAIN } from '../terminal/style.ts';
import { paintedDiff } from './painted-diff.ts';

const TABLE = ['@@ ,n,city', '   ,1,X', '→  ,2→3,Y', '---,4,Z', '  +++,5,Z'].join('\n');

it('paints what was expected red and what came instead green', () => {
  const { red, green, bold, yellow } = createStyle(true);
  expect(paintedDiff(TABLE, createStyle(true)).split('\n')).toEqual([
    bold('@@ ,n,city'),
    '   ,1,X',
    `${yellow('→  ')},${red('2')}→${green('3')},Y`,
    red('---,4,Z'),
    green('  +++,5,Z'),
  ]);
});

it('leaves the text as it is without colours', () => {
  expect(paintedDiff(TABLE, PLAIN)).toBe(TABLE);
});
