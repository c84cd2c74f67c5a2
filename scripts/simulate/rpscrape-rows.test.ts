import { expect, test } from 'vitest';
import type { DayRows, RaceRow, RunnerRow } from './rows.ts';
import { distanceText, priceText, rpscrapeRows, timeText } from './rpscrape-rows.ts';

const race: RaceRow = {
  race_id: 'KEM-250101-1',
  race_date: '2025-01-01',
  off_at: '2025-01-01 13:05',
  course: 'Kemble Park',
  race_no: 1,
  distance_m: 1600,
  surface: 'AWT',
  going: 'STANDARD TO SLOW',
  race_name: 'Lantern Handicap',
  race_class: 'Class 4',
  class_rating: 40,
  is_handicap: true,
  prize: 1000,
};

const runner: RunnerRow = {
  race_id: race.race_id,
  horse_id: 'H0001',
  jockey_id: 'A. Pell',
  trainer_id: 'B. Foxley',
  draw: 3,
  weight_lbs: 133,
  rating: 70,
  age: 4,
  sex: 'G',
  position: '1',
  odds: '5.5',
  finish_time_s: '98.00',
  n_sections: 4,
  early_pos: 1,
  mid_pos: 1,
  late_pos: 1,
  early_time_s: null,
  mid_time_s: null,
  finish_section_time_s: null,
};

const dayOf = (...runners: readonly Partial<RunnerRow>[]): DayRows => ({
  day: 20_089,
  races: [race],
  runners: runners.map((one) => ({ ...runner, ...one })),
  prices: [],
});

test('fractions of a furlong, of a minute and of a price', () => {
  // 2 miles 4.5 furlongs are 4123.944 m, 7 furlongs 1408.176 m, a mile 1609.344 m, half a furlong 100.584 m.
  expect([4124, 1408, 1600, 101].map(distanceText)).toEqual(['2m4½f', '7f', '1m', '½f']);
  expect([83.45, 59.12, 60, 125.1].map(timeText)).toEqual([
    '1:23.45',
    '59.12',
    '1:00.00',
    '2:05.10',
  ]);
  const prices = ['5.5', '2', '1.01', '10.8', '5.61', '501'].map(priceText);
  expect(prices).toEqual(['9/2', 'Evens', '1/100', '49/5', '461/100', '500/1']);
});

test('a race as its rows say it', () => {
  const behind = { position: '2', finish_time_s: '98.50', rating: null, odds: '8' };
  const [first, second, third] = rpscrapeRows(
    dayOf({}, behind, { position: 'WD', odds: null, finish_time_s: null, jockey_id: null }),
  );
  expect(first).toMatchObject({
    course: 'Kemble Park (AW)',
    off: '13:05',
    class: 'Class 4',
    rating_band: '0-70',
    age_band: '4yo+',
    dist: '1m',
    going: 'Standard To Slow',
    ran: 2,
    wgt: '9-7',
    time: '1:38.00',
    sp: '9/2F',
    prize: 600,
    or: 70,
    ovr_btn: '0.00',
  });
  expect(second).toMatchObject({ pos: '2', sp: '7/1', or: '–', ovr_btn: '2.50', btn: '2.50' });
  expect(third).toMatchObject({ pos: 'NR', sp: null, time: null, jockey: null, ovr_btn: null });
});

test('two favourites are joint, three are co-favourites; a card has no result and is not void', () => {
  const marks = (...odds: readonly string[]) =>
    rpscrapeRows(dayOf(...odds.map((one) => ({ odds: one })))).map(({ sp }) => sp);
  expect(marks('3', '3', '4')).toEqual(['2/1J', '2/1J', '3/1']);
  expect(marks('3', '3', '3', '4')).toEqual(['2/1C', '2/1C', '2/1C', '3/1']);
  expect(rpscrapeRows(dayOf({ position: null, odds: null })).map(({ pos }) => pos)).toEqual([null]);
});
