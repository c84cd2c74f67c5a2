import { expect, it } from 'vitest';
import { renderTable } from './table.ts';
import { displayWidth } from './width.ts';

const columns = ['order_id', 'customer_id', 'ordered_at', 'status', 'store_id'].map((title) => ({
  title,
  ...(title === 'ordered_at' ? { align: 'right' as const } : {}),
}));

it('looks like dbt show', () => {
  const rows = [
    [101, 1, '2024-01-02 09:15:00', 'done', 1],
    [102, 2, '2024-01-02 10:00:00', 'done', 1],
  ];
  expect(renderTable(columns, rows, 80).split('\n')).toEqual([
    '| order_id | customer_id |          ordered_at | status | store_id |',
    '| -------- | ----------- | ------------------- | ------ | -------- |',
    '|      101 |           1 | 2024-01-02 09:15:00 | done   |        1 |',
    '|      102 |           2 | 2024-01-02 10:00:00 | done   |        1 |',
  ]);
});

it('shrinks the widest text until it fits and leaves numbers alone', () => {
  const rows = [[123456789, 'a long remark about a horse', '香港沙田馬場', null]];
  const titles = [{ title: 'n' }, { title: 'remark' }, { title: 'course' }, { title: 'x' }];
  const lines = renderTable(titles, rows, 40).split('\n');
  expect(lines).toEqual([
    '|         n | remark   | course    | x |',
    '| --------- | -------- | --------- | - |',
    '| 123456789 | a long … | 香港沙田… |   |',
  ]);
  expect(lines.every((line) => displayWidth(line) <= 40)).toBe(true);
});

it('an open table has no frame, whole columns are kept', () => {
  const titles = [{ title: 'node' }, { title: 'range', whole: true }];
  expect(renderTable(titles, [['trainer_velocity', '2016-01-01']], 20, { frame: 'open' })).toBe(
    ['node      range', '--------  ----------', 'trainer…  2016-01-01'].join('\n'),
  );
});

it('a value of several lines or with control characters stays in its cell', () => {
  const text = renderTable([{ title: 'a' }], [['x\ny\u001b[31m'], [{ k: [1] }]], 80);
  expect(text.split('\n').slice(2)).toEqual(['| x⏎y\ufffd[31m  |', '| {"k":[1]} |']);
});
