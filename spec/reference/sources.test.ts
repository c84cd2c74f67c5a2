import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalRuns } from './canonical-runs.ts';
import { changeResultsFrom } from './change-results.ts';
import { type HkRow, hkEntries, mostFrequent } from './hk-entries.ts';
import { loadSampleRuns } from './load.ts';
import { day, race } from './made-races.ts';
import { sampledDates } from './sampled-dates.ts';

const hkRow: HkRow = {
  race_id: '2024-01-01_ST_01',
  race_date: day('2024-01-01'),
  venue: 'ST',
  race_no: 1,
  distance_m: 1200,
  surface: 'TURF',
  going: 'GOOD',
  race_name_zh: '甲讓賽',
  race_class_zh: '第四班（條件限制）',
  prize_hkd: 900_000,
  horse_code: 'A001',
  jockey_zh: '甲',
  trainer_zh: '乙',
  draw: 1,
  actual_wt_lbs: 120,
  horse_rating: 50,
  place_raw: '1',
  win_odds: 2,
  finish_time_s: 70,
  section_pos: [5, 4, 3, 2, 1, null],
  section_s: [24, 23, 22, 21, 99.99, null],
};

const entryOf = (change: Partial<HkRow>) => hkEntries([{ ...hkRow, ...change }])[0];

describe('Hong Kong rows', () => {
  test('the most frequent value; of equals the smallest; NULL is no value', () => {
    expect(mostFrequent([2000, 1800, 1800, null, null, null])).toBe(1800);
    expect(mostFrequent([2000, 1800, 2000, 1800])).toBe(1800);
    expect(mostFrequent([null])).toBeNull();
  });

  test('one strange distance does not split the race', () => {
    const rows = [hkRow, { ...hkRow, horse_code: 'B' }, { ...hkRow, distance_m: 1000 }];
    expect(hkEntries(rows).map((entry) => entry.distance_m)).toEqual([1200, 1200, 1200]);
  });

  test('calls and times of three to six sections', () => {
    // K = 5: calls 1, 3, 4, times 1, 3, 5 (here the sentinel).
    expect(entryOf({})).toMatchObject({ n_sections: 5, early_pos: 5, mid_pos: 3, late_pos: 2 });
    expect(entryOf({})).toMatchObject({ early_time_s: 24, mid_time_s: 22 });
    expect(entryOf({})?.finish_section_time_s).toBeNull();
    const calls = [3, 4, 6].map((sections) => {
      const section_pos = [1, 2, 3, 4, 5, 6].map((call) => (call <= sections ? call : null));
      const entry = entryOf({ section_pos });
      return [entry?.early_pos, entry?.mid_pos, entry?.late_pos];
    });
    expect(calls).toEqual([
      [1, 2, 2],
      [1, 2, 3],
      [1, 3, 5],
    ]);
  });

  test('finish codes', () => {
    expect(entryOf({ place_raw: '5 平頭馬' })).toMatchObject({ status: 'finished', pos_num: 5 });
    expect(entryOf({ place_raw: 'DISQ' })).toMatchObject({ status: 'DSQ', pos_num: null });
    expect(entryOf({ place_raw: 'WV-A' })?.status).toBe('withdrawn');
    expect(() => entryOf({ place_raw: 'XX' })).toThrow('unknown finish code XX');
  });

  test('class ratings', () => {
    const rating = (race_class_zh: string | null, prize_hkd: number, race_name_zh = '') =>
      entryOf({ race_class_zh, prize_hkd, race_name_zh })?.class_rating;
    expect(rating('第四班（條件限制）', 1)).toBe(35);
    expect(rating('香港三級賽', 1)).toBe(80);
    expect(rating(null, 2_399_999)).toBe(20);
    expect(rating(null, 2_400_000)).toBe(85);
    expect(rating(null, 8_000_000)).toBe(100);
    expect(rating(null, 8_000_000, '甲平磅賽')).toBe(20);
    expect(entryOf({})?.is_handicap).toBe(true);
  });

  test('going groups', () => {
    expect(entryOf({ surface: 'AWT' })?.going_group).toBe('all_weather');
    expect(entryOf({ going: 'Yielding to Soft' })?.going_group).toBe('soft');
    expect(entryOf({ going: 'FROZEN' })?.going_group).toBe('unknown');
  });
});

const SEEDS: Readonly<Record<string, string>> = {
  'going_group.csv': 'surface,going,going_group\nTURF,GOOD,good\n',
  'sample_races.csv': `race_id,race_date,off_at,course,race_no,distance_m,surface,going,race_name,race_class,class_rating,is_handicap,prize
R1,2024-01-01,2024-01-01 12:00,A,1,1200,TURF,Good,"One, Two",Class 5,30,true,4500
R2,2024-01-02,2024-01-02 12:00,A,1,1200,AWT,SLOW,,,,false,
`,
  'sample_runners.csv': `race_id,horse_id,jockey_id,trainer_id,draw,weight_lbs,rating,age,sex,position,odds,finish_time_s,n_sections,early_pos,mid_pos,late_pos,early_time_s,mid_time_s,finish_section_time_s
R1,H1,J1,T1,1,120,50,4,G,1,2.0,70.00,3,1,1,1,24.00,23.00,23.00
R1,H2,,"T, 2",2,121.5,,3,F,WD,,,,,,,,,
R1,H3,J3,T3,3,119,48,3,F,2,4.0,70.50,3,2,2,2,24.20,23.10,23.20
R2,H1,J1,T1,1,120,51,4,G,1,2.0,70.00,3,1,1,1,24.00,23.00,23.00
R2,H3,J3,T3,2,120,49,3,F,2,4.0,71.00,3,2,2,2,24.20,23.10,23.70
R2,H4,J4,T4,3,120,,3,F,PU,8.0,,,,,,,,
`,
};

async function withSeeds(work: (projectDir: string) => Promise<void>): Promise<void> {
  const projectDir = await mkdtemp(join(tmpdir(), 'velo-seeds-'));
  const seedsDir = join(projectDir, 'seeds');
  try {
    await mkdir(seedsDir);
    for (const [name, text] of Object.entries(SEEDS)) await writeFile(join(seedsDir, name), text);
    await work(projectDir);
  } finally {
    await rm(projectDir, { recursive: true, force: true });
  }
}

describe('sample seeds', () => {
  test('are read with their types, NULLs and commas', () =>
    withSeeds(async (projectDir) => {
      const runs = await loadSampleRuns(projectDir);
      expect(runs).toHaveLength(6);
      expect(runs[1]).toMatchObject({
        race_date: 19_723,
        race_name: 'One, Two',
        class_rating: 30,
        is_handicap: true,
        jockey_id: null,
        trainer_id: 'T, 2',
        weight_lbs: 121.5,
        rating: null,
        is_starter: false,
        starters: 2,
        going_group: 'good',
      });
      expect(runs[3]).toMatchObject({ going_group: 'all_weather', class_rating: null });
      // 24.00 and 24.20: mean 24.10, σ .10.
      expect(runs[0]?.sec_z_early).toBeCloseTo(-1, 9);
    }));

  test('changed results reverse the order from that day on and leave the rest', () =>
    withSeeds(async (projectDir) => {
      const before = await loadSampleRuns(projectDir);
      await changeResultsFrom(join(projectDir, 'seeds'), day('2024-01-02'));
      const after = await loadSampleRuns(projectDir);
      expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
      expect(after.slice(3).map((run) => run.pos_raw)).toEqual(['PU', '2', '1']);
      expect(after.slice(3).map((run) => run.odds)).toEqual([8, 4, 2]);
      expect(after.slice(3).map((run) => run.finish_time_s)).toEqual([null, 71.37, 70.37]);
      expect(after.slice(3).map((run) => run.rating)).toEqual([51, 49, null]);
    }));
});

describe('sampled dates', () => {
  const on = (date: string, positions: readonly string[]) => race({ date, positions });

  test('first, last, after a break, and with and after a dead heat', () => {
    const quiet = Array.from({ length: 20 }, (_, index) =>
      on(`2024-02-${String(index + 1).padStart(2, '0')}`, ['1', '2']),
    ).flat();
    const runs = [
      ...quiet,
      ...on('2024-03-10', ['1', '2']),
      ...on('2024-03-13', ['1', '1']),
      ...on('2024-03-14', ['1', '2']),
      ...on('2024-03-15', ['1', 'WD']),
      ...on('2024-03-17', ['1', '2']),
    ];
    const wanted = ['2024-02-01', '2024-02-02', '2024-03-10', '2024-03-13', '2024-03-14'];
    const dates = sampledDates(runs, 3);
    for (const date of [...wanted, '2024-03-15', '2024-03-17']) expect(dates).toContain(day(date));
    expect(dates.length).toBeLessThan(12);
    expect([...dates].sort((left, right) => left - right)).toEqual(dates);
  });

  test('all dates when there are fewer than asked for', () => {
    const runs = [...on('2024-02-01', ['1', '2']), ...on('2024-02-02', ['1', '2'])];
    expect(sampledDates(runs, 30)).toEqual([day('2024-02-01'), day('2024-02-02')]);
    expect(canonicalRuns([])).toEqual([]);
  });
});
