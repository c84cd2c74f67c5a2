import { describe, expect, it } from 'vitest';
import { nodeId } from '../../core/node.ts';
import { createStyle, PLAIN } from '../terminal/style.ts';
import { displayWidth } from '../terminal/width.ts';
import { bar, type LiveState, liveLines, type RunningNode } from './live-view.ts';

const START_MS = 1_000_000;
const running = (name: string, batchesDone = 0, batchesTotal = 0): RunningNode => ({
  node: nodeId('model', 'shop', name),
  name,
  startedAt: START_MS,
  batchesDone,
  batchesTotal,
});
const state = (nodes: readonly RunningNode[], given: Partial<LiveState> = {}): LiveState => ({
  startedAt: START_MS,
  running: nodes,
  finished: 37,
  total: 80,
  failed: 0,
  warned: 0,
  ...given,
});
const lines = (given: LiveState, columns: number, elapsedMs = 2500) =>
  liveLines(given, START_MS + elapsedMs, { columns, rows: 23 }, PLAIN);

describe('progress of batches', () => {
  const one = state([running('trainer_velocity', 3, 12)]);
  // 3 batches in 2.5 s are 1.2 a second; the other 9 take 7.5 s.
  it.each([
    [140, '⠴ trainer_velocity         3 s  [##--------] 3/12 · 1.2 batches/s · 8 s left'],
    [80, '⠴ trainer_velocity         3 s  [##--------] 3/12 · 1.2 batches/s · 8 s left'],
    [62, '⠴ trainer_velocity         3 s  [##--------] 3/12 · 8 s left'],
    [48, '⠴ trainer_velocity         3 s  3/12 · 8 s left'],
    [40, '⠴ trainer_velocity         3 s  3/12'],
  ])('says what fits in %i columns', (columns, expected) => {
    expect(lines(one, columns)[0]).toBe(expected);
  });

  it('needs more than one batch, and a first one for a guess', () => {
    expect(lines(state([running('trainer_velocity', 1, 1)]), 80)[0]).toMatch(/3 s$/);
    expect(lines(state([running('trainer_velocity', 0, 12)]), 80)[0]).toMatch(
      / {2}\[-{10}\] 0\/12$/,
    );
  });

  it('tells slow batches by the time of one', () => {
    const slow = state([running('trainer_velocity', 2, 4)]);
    expect(lines(slow, 140, 60_000)[0]).toMatch(/2\/4 · 30\.0 s\/batch · 1 min 00 s left$/);
  });
});

it('ends with the count, failures and warnings', () => {
  const given = state([], { failed: 2, warned: 1 });
  expect(lines(given, 80)).toEqual(['[#########-----------] 37/80 · 2 failed · 1 warned · 3 s']);
});

it('never takes more lines than there are', () => {
  const many = state(Array.from({ length: 30 }, (_, index) => running(`n${index}`)));
  const shown = liveLines(many, START_MS, { columns: 80, rows: 10 }, PLAIN);
  expect(shown).toHaveLength(10);
  expect(shown[8]).toBe('  … and 22 more');
});

it.each([20, 40, 60, 80, 140])('fits %i columns, wide names too', (columns) => {
  const given = state([running('香港賽馬會香港賽馬會香港賽馬會', 3, 12), running('a'.repeat(200))]);
  const [wide = '', long = ''] = liveLines(
    given,
    START_MS + 2500,
    { columns, rows: 23 },
    createStyle(true),
  );
  if (columns >= 40) {
    expect(displayWidth(wide)).toBeLessThan(columns);
    expect(displayWidth(long)).toBeLessThan(columns);
  }
  expect(wide).toContain('香港');
});

it('a bar is full only at the end', () => {
  expect(bar(0, 0, 4)).toBe('[----]');
  expect(bar(99, 100, 4)).toBe('[###-]');
  expect(bar(100, 100, 4)).toBe('[####]');
});
