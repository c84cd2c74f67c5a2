import { expect, test } from 'vitest';
import { keepsTarget, type Row } from './row.ts';
import { sectionText } from './section.ts';

const row = (given: Partial<Row>): Row => ({ name: 'x', runs: 1, wallMs: 100, ...given });

test('a table has its notes above it and lines up as plain text', () => {
  const rows: Row[] = [
    { name: 'node', runs: 9, wallMs: 40, cpuMs: 38.04, peakMb: 41.6 },
    {
      name: 'velo | all',
      runs: 3,
      wallMs: 12_345,
      against: { name: 'node', wallMs: 10_000 },
      target: { atMostMs: 10_000, atMostRatio: 1.3 },
    },
    { name: 'part', runs: 5, wallMs: 0.2504, target: { atMostMs: 1 } },
  ];
  expect(sectionText(['What it is.', 'When it was.'], { rows })).toBe(`What it is.

When it was.

| row         | runs |   wall |   CPU |   peak | ratio      | target         | verdict |
| ----------- | ---: | -----: | ----: | -----: | ---------- | -------------- | ------- |
| node        |    9 |  40 ms | 38 ms | 42 MiB |            |                |         |
| velo \\| all |    3 | 12.3 s |       |        | 1.23× node | < 10 s, < 1.3× | MISSED  |
| part        |    5 | 250 µs |       |        |            | < 1 ms         | ok      |
`);
});

test('a group without rows says why', () => {
  expect(sectionText(['A.'], { skipped: 'no data' })).toBe('A.\n\nSkipped: no data.\n');
  expect(sectionText(['A.'], { failed: 'it broke' })).toBe('A.\n\nFAILED: it broke\n');
});

test('every part of a target counts, and a limit itself is too much', () => {
  expect(keepsTarget(row({}))).toBeUndefined();
  expect(keepsTarget(row({ target: { atMostMs: 101 } }))).toBe(true);
  expect(keepsTarget(row({ target: { atMostMs: 100 } }))).toBe(false);
  expect(keepsTarget(row({ peakMb: 50, target: { atMostMs: 101, atMostMb: 50 } }))).toBe(false);
  const against = { name: 'bare', wallMs: 80 };
  expect(keepsTarget(row({ against, target: { atMostRatio: 1.26 } }))).toBe(true);
  expect(keepsTarget(row({ against, target: { atMostRatio: 1.2 } }))).toBe(false);
});

test('a target on what was not measured is missed', () => {
  expect(keepsTarget(row({ target: { atMostMb: 4096 } }))).toBe(false);
  expect(keepsTarget(row({ wallMs: Number.NaN, target: { atMostMs: 10 } }))).toBe(false);
});
