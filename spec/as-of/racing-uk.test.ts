import { existsSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { query } from '../e2e/velo.ts';
import { racingWarehouse, UK, UK_FOLDER } from '../shared/racing-warehouse.ts';

const MINUTES = 60_000;

/** The raw rows of races with every starter, by another way than the model: joined, not counted in windows. */
const WHOLE_FIELDS = `
  select raw.* from '${UK_FOLDER}/runs.parquet' as raw
  join (
    select race_key from '${UK_FOLDER}/runs.parquet' where race_date >= '2025-08-01'
    group by race_key having count(*) = max(ran)
  ) as whole using (race_key)`;

// What stands here as a number was counted in the raw files; the rest is compared with SQL on them.
let database = '';
let warned: readonly string[] = [];

const ask = (sql: string) => query(database, sql);
const one = async (sql: string) => (await ask(sql))[0]?.map(String);

beforeAll(async () => {
  if (existsSync(UK_FOLDER)) ({ database, warned } = await racingWarehouse(UK));
}, 10 * MINUTES);

function onRealData(name: string, body: () => Promise<void>): void {
  test(name, async ({ skip }) => {
    skip(
      !existsSync(UK_FOLDER),
      `${UK_FOLDER} is absent: the results of Britain and Ireland are not in the repository`,
    );
    await body();
  });
}

onRealData('every model builds and every test of the project passes', async () => {
  expect(warned).toEqual([]);
});

onRealData(
  'the runs are the starters of whole fields, and the training rows with them',
  async () => {
    const runs = 'from runs where is_starter and has_result';
    expect(await one(`select count(*), count(distinct race_id) ${runs}`)).toEqual([
      '41185',
      '4401',
    ]);
    const raw = `select race_key, horse_key, pos_num, lbs, jockey, trainer from (${WHOLE_FIELDS})`;
    const made = `select race_id, horse_id, pos_num, weight_lbs, jockey_id, trainer_id ${runs}`;
    // Three positions are 0 in the source, which is none.
    expect(await ask(`(${raw} except ${made}) union all (${made} except ${raw})`)).toHaveLength(6);
    expect(await one(`select count(*) from (${raw}) where pos_num = 0`)).toEqual(['3']);
    expect(await one(`select count(*) from training_dataset where won is not null`)).toEqual([
      '41185',
    ]);
  },
);

onRealData('a dead heat: both won, the next is third, the stake is divided', async () => {
  const [row] = await ask(`
    select count(*), sum(won), max(winners), min(pos_num) filter (won = 0),
      bool_and(won = 0 or abs(value - (odds / 2 - 1)) < 1e-12)
    from runs where race_id = 'rac_11746631' and is_starter`);
  expect(row?.map(String)).toEqual(['9', '2', '2', '3', 'true']);
  const winners = (table: string, id: string, position: string) =>
    one(`select string_agg(${position}, ',' order by ${position}) from ${table}
         where ${id} = 'rac_11746631' and pos_num = 1`);
  expect(await winners('runs', 'race_id', 'horse_id')).toEqual(
    await winners(`'${UK_FOLDER}/runs.parquet'`, 'race_key', 'horse_key'),
  );
});

onRealData(
  'pulled up and fallen: starters of a field of 24, without a position, behind all others',
  async () => {
    const rows = await ask(`
    select status, count(*), max(finish_pct), sum(won), min(starters), count(pos_num)
    from runs where race_id = 'rac_11772514' and status in ('PU', 'F') group by 1 order by 1`);
    expect(rows.map((row) => row.map(String))).toEqual([
      ['F', '1', '0', '0', '24', '0'],
      ['PU', '6', '0', '0', '24', '0'],
    ]);
  },
);

onRealData('a void meeting: on the spine, no starters, no result, no training rows', async () => {
  const meeting = `race_date = '2025-10-09' and course = 'Exeter'`;
  const [row] = await ask(`
    select count(*), count(distinct race_id), bool_or(is_starter), bool_or(has_result), count(won)
    from runs where ${meeting}`);
  expect(row?.map(String)).toEqual(['67', '6', 'false', 'false', '0']);
  const cards = `select count(*) from '${UK_FOLDER}/racecards.parquet' where ${meeting}`;
  expect(await one(cards)).toEqual(['67']);
  expect(await one(`select count(*) from spine where ${meeting}`)).toEqual(['67']);
  const races = `select race_id from runs where ${meeting}`;
  expect(await one(`select count(*) from training_dataset where race_id in (${races})`)).toEqual([
    '0',
  ]);
});

onRealData('a horse on the card that did not run was withdrawn, and is no starter', async () => {
  const race = `race_id = 'rac_11731928'`;
  const withdrawn = await ask(`select horse_id from runs where ${race} and not is_starter`);
  expect(withdrawn).toEqual(
    await ask(`
      select horse_key from '${UK_FOLDER}/racecards.parquet' where ${race}
      except select horse_key from '${UK_FOLDER}/runs.parquet' where race_key = 'rac_11731928'`),
  );
  expect(withdrawn).toHaveLength(1);
  expect(await one(`select max(starters), count(*) from runs where ${race}`)).toEqual(['15', '16']);
});

onRealData('the clock that went wrong around noon: Catterick began at 10:30', async () => {
  const offs = await ask(`
    select distinct strftime(off_at, '%H:%M') from stg_uk_runs
    where race_date = '2025-10-18' and course = 'Catterick' order by 1`);
  // Raw: 22:30 23:00 23:28 23:56 0:23 0:50 13:20 13:55.
  expect(offs.flat().join(' ')).toBe('10:30 11:00 11:28 11:56 12:23 12:50 13:20 13:55');
});

onRealData(
  'prices are before the off, in local time, and none is lost on the way to a race',
  async () => {
    const [late] = await ask(`
    select count(*) from stg_uk_prices as prices join stg_uk_runs as runs using (race_id, horse_id)
    where prices.snapshot_at >= runs.off_at`);
    expect(late?.map(String)).toEqual(['0']);
    // 2025-11-29 is in winter time, when London has the hours of UTC.
    const raw = await one(`
    select count(*), min(epoch(ts)) from '${UK_FOLDER}/odds_ticks.parquet'
    where race_date = '2025-11-29' and course_key = 'NEWBURY' and ts < '2025-11-29 14:55:00+00'
      and book not in ('Best', 'ORI', 'BFOri')
      and horse_key in (select horse_key from '${UK_FOLDER}/runs.parquet' where race_key = 'rac_11772514')`);
    const staged = await one(`
    select count(*), min(epoch(snapshot_at)) from stg_uk_prices
    join runs using (race_id, horse_id) where race_id = 'rac_11772514' and is_starter`);
    expect(staged).toEqual(raw);
  },
);

// Summer time ended in the night before 26 October: 14:40 on the 25th is 13:40 UTC, 13:50 on the 26th is 13:50.
for (const [race, off, hours] of [
  ['rac_11755276', '2025-10-25 13:40:00+00', 1],
  ['rac_11756966', '2025-10-26 13:50:00+00', 0],
] as const) {
  onRealData(`ticks in UTC beside a local off: ${off}`, async () => {
    const of = `join runs on horse_key = horse_id and runs.race_date = ticks.race_date
      where race_id = '${race}' and book not in ('Best', 'ORI', 'BFOri') and ts < timestamptz '${off}'`;
    const raw = await one(`
      select count(distinct (horse_key, book, ts)), min(epoch(ts)) + ${hours} * 3600, max(epoch(ts)) + ${hours} * 3600
      from '${UK_FOLDER}/odds_ticks.parquet' as ticks ${of}`);
    expect(Number(raw?.[0])).toBeGreaterThan(100);
    expect(
      await one(`
      select count(*), min(epoch(snapshot_at)), max(epoch(snapshot_at)) from stg_uk_prices where race_id = '${race}'`),
    ).toEqual(raw);
    // The decision is ten minutes before the off, by the same clock, and the newest tick before it counts.
    const [newest] = await ask(`
      select max(epoch(ts)) from '${UK_FOLDER}/odds_ticks.parquet' as ticks ${of}
        and ts < timestamptz '${off}' - interval '10 minutes'`);
    const [aged] = await ask(`
      select min(price_age_minutes), epoch(timestamptz '${off}') - 600 from market where race_id = '${race}'`);
    expect(Number(aged?.[0])).toBeCloseTo((Number(aged?.[1]) - Number(newest?.[0])) / 60, 6);
  });
}

onRealData(
  'race_card: the starters of races without a result, with prices where there are any',
  async () => {
    const without = 'from runs where is_starter and not has_result';
    expect(
      await ask(
        `select race_id, horse_id ${without} except select race_id, horse_id from race_card`,
      ),
    ).toEqual([]);
    const [card] = await ask(`
    select count(*), count(market_best_price), (select count(*) ${without}), count(*) filter (elo is null)
    from race_card where as_of_date >= '2025-10-01'`);
    const [all] = await ask(`select count(*), (select count(*) ${without}) from race_card`);
    expect(all?.[0]).toEqual(all?.[1]);
    expect(Number(card?.[1]) / Number(card?.[0])).toBeGreaterThan(0.95);
    expect(String(card?.[3])).toBe('0');
  },
);
