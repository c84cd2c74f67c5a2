import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';
import { copyOfProject } from '../racing/project-copy.ts';
import { writeBetfairFiles } from './betfair-files.ts';

/** The node of docs/guides/own-data.md, with made-up chances for the three runners. */
const REPLAY = `{{ config(
    materialized='backtest', unique_key=['race_id', 'horse_id', 'snapshot_at'], event_time='race_date',
    group_column='race_id', price='back', closing_price='odds', bank=1000, commission=0.05,
    columns={
        'decision_ts': 'snapshot_at', 'price_ts': 'snapshot_at', 'settled_ts': 'settled_ts',
        'runner': 'is_starter', 'tied': 'tied',
    },
    staking={'method': 'flat', 'amount': 10}, rules={'min_edge': 0.05},
) }}

select
    prices.race_id, prices.horse_id, prices.race_date, prices.snapshot_at, prices.back,
    case prices.horse_id when '11' then 0.3 when '12' then 0.6 else 0.2 end as p_win,
    runs.odds, runs.pos_num, runs.is_starter, runs.off_at + interval '15 minutes' as settled_ts,
    (
        select count(*) from {{ ref('runs') }} as others
        where others.race_id = runs.race_id and others.pos_num = runs.pos_num
    ) as tied
from {{ ref('odds_snapshots') }} as prices
join {{ ref('runs') }} as runs on runs.race_id = prices.race_id and runs.horse_id = prices.horse_id
where not prices.in_play and prices.back is not null and prices.race_id = '1.200'
`;

test('a recorded market is replayed: each price is taken when it was shown, and none later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'velo-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await writeBetfairFiles(folder);
  const project = copyOfProject();
  writeFileSync(join(project, 'models/modeling/market_replay.sql'), REPLAY);
  const { result } = await build(project, {
    vars: JSON.stringify({ source: 'betfair', data_path: folder, begin: '2024-03-31' }),
    environment: {},
    select: ['+market_replay'],
    exclude: ['resource_type:test'],
    asOf: '2024-03-31',
  });
  expect(result.results.filter(({ status }) => status !== 'success')).toEqual([]);
  const [database = ''] = readdirSync(join(project, 'target')).filter((name) =>
    name.endsWith('.duckdb'),
  );
  const ask = (sql: string) => query(join(project, 'target', database), sql);
  // Runner 11 won at BSP 2.1, 12 lost at 1.9, 13 was withdrawn: its stake comes back. 11 had its price of 1.5 at 13:55, too
  // low for .3. Commission is 5 % of what the market came to, 30 + 29 + 29 − 10 − 10 = 68: 3.4, borne by the bets that won.
  expect(
    await ask(
      `select bet_id, odds, stake, round(gross, 9), is_void from market_replay order by decision_ts, bet_id`,
    ),
  ).toEqual([
    ['1.200|11|2024-03-30 21:00:00', 4, 10, 30, false],
    ['1.200|12|2024-03-30 21:00:00', 2, 10, -10, false],
    ['1.200|13|2024-03-30 21:00:00', 10, 10, 0, true],
    ['1.200|11|2024-03-31 13:30:00', 3.9, 10, 29, false],
    ['1.200|12|2024-03-31 13:40:00', 2, 10, -10, false],
    ['1.200|11|2024-03-31 13:49:59', 3.9, 10, 29, false],
  ]);
  const figures = new Map(
    (await ask('select figure, value from market_replay_summary')).map(([name, value]) => [
      name,
      value,
    ]),
  );
  expect(figures.get('commission')).toBeCloseTo(3.4, 9);
  expect(figures.get('pnl')).toBeCloseTo(64.6, 9);
  // Closing line value of 4, 3.9 and 3.9 against 2.1, of 2 and 2 against 1.9, by hand; the void one has no closing price.
  const clv = [4 / 2.1, 3.9 / 2.1, 3.9 / 2.1, 2 / 1.9, 2 / 1.9].map((ratio) => ratio - 1);
  expect(figures.get('clv')).toBeCloseTo(clv.reduce((sum, one) => sum + one, 0) / 5, 9);
});
