import { expect, it } from 'vitest';
import { createScreen } from './screen.ts';
import { fakeTerminal } from './terminal-fixture.ts';

it('keeps the region beneath what scrolls', () => {
  const terminal = fakeTerminal(40);
  const screen = createScreen(terminal);
  screen.draw([], ['a running', '1/3']);
  screen.draw(['a done'], ['b running', 'c running', '2/3']);
  screen.draw([], ['c running', '2/3']);
  expect(terminal.lines()).toEqual(['a done', 'c running', '2/3']);
  expect(terminal.isCursorShown()).toBe(false);
});

it('close removes the region and gives the cursor back, once', () => {
  const terminal = fakeTerminal(40);
  const screen = createScreen(terminal);
  screen.draw(['done'], ['running', '1/2']);
  screen.close();
  screen.close();
  expect(terminal.lines()).toEqual(['done', '']);
  expect(terminal.isCursorShown()).toBe(true);
  expect(terminal.writes).toHaveLength(2);
});

it('one write a drawing, none when nothing changed', () => {
  const terminal = fakeTerminal(40);
  const screen = createScreen(terminal);
  screen.draw(['x', 'y'], ['r']);
  screen.draw([], ['r']);
  expect(terminal.writes).toHaveLength(1);
});

it('cuts lines of the region, not those that scroll', () => {
  const terminal = fakeTerminal(20);
  createScreen(terminal).draw(['a message of more than twenty cells'], ['香港'.repeat(10)]);
  expect(terminal.lines()).toEqual([
    'a message of more th',
    'an twenty cells',
    `${'香港'.repeat(4)}香…`,
  ]);
});

it('finds its region again when a narrower terminal has wrapped it', () => {
  const terminal = fakeTerminal(60);
  const screen = createScreen(terminal);
  screen.draw(['done'], ['x'.repeat(50), '1/2']);
  // The terminal wraps the 50 cells to three rows of 20: the region now has four.
  const narrow = fakeTerminal(20);
  narrow.write(`done\n${'x'.repeat(50)}\n1/2`);
  terminal.columns = 20;
  const before = terminal.writes.length;
  screen.draw(['next'], ['running']);
  for (const text of terminal.writes.slice(before)) narrow.write(text);
  expect(narrow.lines()).toEqual(['done', 'next', 'running']);
});
