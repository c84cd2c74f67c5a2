import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { distributionsOf } from './distribution.ts';

it('counts rows, NULLs, percentiles, bars, words and days', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`create table t as select i::double as n,
      case when i % 4 = 0 then null when i % 2 = 0 then 'even' else 'odd' end as word,
      i > 30 as late, date '2024-01-01' + i::int as day, cast(null as double) as none, 3 as same
    from range(0, 121) as r(i)`);
  const found = await distributionsOf(connection, 't');
  // 0 … 120: percentiles 1 and 99 are 1 and 119, a bar is 59/6 wide; the ends hold 0 and 120 too.
  expect(found.get('n')).toEqual({
    rows: 121,
    nulls: 0,
    shape: {
      kind: 'numbers',
      percentiles: [0, 6, 60, 114, 120],
      bars: [11, 10, 10, 10, 10, 9, 10, 10, 10, 10, 10, 11],
    },
  });
  expect(found.get('word')).toMatchObject({
    nulls: 31,
    shape: {
      kind: 'words',
      distinct: 2,
      top: [
        { word: 'odd', rows: 60 },
        { word: 'even', rows: 30 },
      ],
    },
  });
  expect(found.get('late')?.shape).toMatchObject({
    top: [
      { word: 'true', rows: 90 },
      { word: 'false', rows: 31 },
    ],
  });
  expect(found.get('day')?.shape).toEqual({ kind: 'dates', from: '2024-01-01', to: '2024-04-30' });
  expect(found.get('none')).toEqual({ rows: 121, nulls: 121, shape: { kind: 'empty' } });
  expect(found.get('same')?.shape).toMatchObject({ bars: [121, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
});
