import type { Clock } from './clock.ts';
import type { TerminalStream } from './screen.ts';
import { displayWidth } from './width.ts';

export interface FakeTerminal extends TerminalStream {
  columns: number;
  rows: number;
  readonly writes: string[];
  /** What a person sees, and what has scrolled away above it. */
  lines(): string[];
  isCursorShown(): boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const TOKEN = /\u001b\[(\??\d*)([A-Za-z])|[\r\n]|[^\u001b\r\n]+/g;

/** Test data: a terminal that obeys the few sequences reporters send. Wide characters take their second cell as ''. */
export function fakeTerminal(columns: number): FakeTerminal {
  const cells: string[][] = [[]];
  const writes: string[] = [];
  let [row, column, cursorShown] = [0, 0, true];
  const rowAt = (index: number): string[] => {
    while (cells.length <= index) cells.push([]);
    return cells[index] ?? [];
  };
  const put = (text: string): void => {
    for (const char of text) {
      const width = displayWidth(char);
      if (column + width > terminal.columns) [row, column] = [row + 1, 0];
      const line = rowAt(row);
      while (line.length < column) line.push(' ');
      line.splice(column, width, char, ...Array.from({ length: width - 1 }, () => ''));
      column += width;
    }
  };
  const obey = (parameter: string, letter: string): void => {
    if (letter === 'A') row = Math.max(0, row - Number(parameter || 1));
    if (letter === 'K') rowAt(row).splice(column);
    if (letter === 'J') {
      rowAt(row).splice(column);
      cells.splice(row + 1);
    }
    if (parameter === '?25') cursorShown = letter === 'h';
  };
  const terminal: FakeTerminal = {
    columns,
    rows: 24,
    isTTY: true,
    writes,
    write(text) {
      writes.push(text);
      for (const [token, parameter = '', letter] of text.matchAll(TOKEN)) {
        if (letter) obey(parameter, letter);
        else if (token === '\r') column = 0;
        else if (token === '\n') {
          [row, column] = [row + 1, 0];
          rowAt(row);
        } else put(token);
      }
    },
    lines: () => cells.map((line) => line.join('').trimEnd()),
    isCursorShown: () => cursorShown,
  };
  return terminal;
}

export interface FakeClock extends Clock {
  /** Moves the time on; what is due is called. */
  advance(ms: number): void;
  isTicking(): boolean;
}

/** Test data: a clock that stands until it is moved. */
export function fakeClock(startMs: number): FakeClock {
  let nowMs = startMs;
  const timers = new Map<() => void, { dueMs: number; intervalMs: number }>();
  return {
    now: () => nowMs,
    every(intervalMs, work) {
      timers.set(work, { dueMs: nowMs + intervalMs, intervalMs });
      return () => timers.delete(work);
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (const [work, timer] of timers) {
        for (; timer.dueMs <= endMs; timer.dueMs += timer.intervalMs) {
          nowMs = timer.dueMs;
          work();
        }
      }
      nowMs = endMs;
    },
    isTicking: () => timers.size > 0,
  };
}
