import { describe, expect, test } from 'vitest';
import { day, race } from '../made-races.ts';
import type { Row, Run } from '../run.ts';
import { horseElo } from './horse-elo.ts';
import { horseForm } from './horse-form.ts';
import { horseSectionals } from './horse-sectionals.ts';

const asOf = '2024-03-15';
const today = race({ date: asOf, positions: [null, null, null] });

function horse(rows: readonly Row[], id = 'h1'): Row {
  const found = rows.filter((row) => row['horse_id'] === id);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

const form = (history: readonly Run[]) => horse(horseForm(history, today, day(asOf)));

describe('form', () => {
  test('EWMA, slope and variance of three runs', () => {
    // Fields of 5: positions 5, 3, 1 are f = 0, ½, 1. S: 0 → .5 → 1.3; W: 1 → 1.6 → 1.96.
    const row = form([
      ...race({ date: '2024-03-01', positions: ['5', '1', '2', '3', '4'] }),
      ...race({ date: '2024-03-05', positions: ['3', '1', '2', '4', '5'] }),
      ...race({ date: '2024-03-09', positions: ['1', '2', '3', '4', '5'] }),
    ]);
    expect(row['form_ewma']).toBeCloseTo(1.3 / 1.96, 12);
    expect(row['form_slope']).toBeCloseTo(0.5, 12);
    // Mean ½: (¼ + 0 + ¼)/3.
    expect(row['form_var']).toBeCloseTo(1 / 6, 12);
    // 5 starters pay 2 places; newest first placed 1, 0, 0: 5/(5 + 4 + 3).
    expect(row['form_momentum']).toBeCloseTo(5 / 12, 12);
    expect(row).toMatchObject({ career_runs: 3, career_wins: 1, career_places: 1, last5_runs: 3 });
    expect(row).toMatchObject({ last5_avg_pos: 3, last5_best_finish_pct: 1, last_run_days: 6 });
    expect(row).toMatchObject({ form_recency: 1, runs_last_90d: 3 });
  });

  test('two runs have a variance and no slope', () => {
    const row = form([
      ...race({ date: '2024-03-01', positions: ['2', '1'] }),
      ...race({ date: '2024-03-05', positions: ['1', '2'] }),
    ]);
    expect(row).toMatchObject({ form_slope: null, form_var: 0.25 });
  });

  test('a non-finisher counts as 0, a one-starter race is skipped by finish percentages', () => {
    const row = form([
      ...race({ date: '2024-03-01', positions: ['1', '2'] }),
      ...race({ date: '2024-03-05', positions: ['1'] }),
      ...race({ date: '2024-03-09', positions: ['PU', '1'] }),
    ]);
    // f = 1, NULL, 0: EWMA (0 + .6·1)/1.6 = .375; average ½; positions 1 and 1.
    expect(row['form_ewma']).toBeCloseTo(0.375, 12);
    expect(row).toMatchObject({ career_runs: 3, last5_avg_finish_pct: 0.5, last5_avg_pos: 1 });
    expect(row).toMatchObject({ last5_wins: 2, form_slope: null, form_var: 0.25 });
  });

  test('the slope takes six finishes and the averages five runs', () => {
    const positions = ['1', '3', '2', '2', '2', '2', '2'];
    const history = positions.flatMap((position, index) => {
      const others = ['1', '2', '3'].filter((other) => other !== position);
      return race({ date: `2024-02-1${index}`, positions: [position, ...others] });
    });
    // f = 1 | 0, ½ ×5: x̄ = 3.5, ȳ = 2.5/6; Σ(x−x̄)(y−ȳ) = ½·(−1.5−.5+.5+1.5+2.5) = 1.25; /17.5.
    const row = form(history);
    expect(row['form_slope']).toBeCloseTo(1.25 / 17.5, 12);
    expect(row).toMatchObject({ last5_avg_finish_pct: 0.5, last5_runs: 5, career_runs: 7 });
  });

  test('a debutant', () => {
    expect(form([])).toMatchObject({ career_runs: 0, form_ewma: null, form_recency: 0.5 });
    expect(form([])).toMatchObject({ last5_win_rate: null, form_momentum: null, speed_runs: 0 });
    expect(form([])).toMatchObject({ last_run_days: null, form_var: null, speed_last: null });
  });

  test('the order within a day is that of the races', () => {
    const row = form([
      ...race({ date: '2024-03-09', raceNo: 2, positions: ['1', '2'] }),
      ...race({ date: '2024-03-09', raceNo: 1, positions: ['2', '1'] }),
    ]);
    // Oldest 0, newest 1: (1 + 0)/1.6.
    expect(row['form_ewma']).toBeCloseTo(1 / 1.6, 12);
  });
});

describe('speed figures', () => {
  /** Races won by another horse in alternately 69 s and 71 s: μ = 70, σ = 1 for even counts. */
  const pars = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const date = `2024-01-${String(index + 1).padStart(2, '0')}`;
      const seconds = index % 2 === 0 ? 69 : 71;
      return race({ date, horses: ['x', 'y'], positions: ['1', '2'], times: [seconds, 75] });
    }).flat();
  const own = (date: string, seconds: number) =>
    race({ date, positions: ['1', '2'], times: [seconds, 72] });

  test('nine races are too few and ten enough', () => {
    expect(form([...pars(9), ...own('2024-02-01', 69.5)])['speed_runs']).toBe(0);
    const row = form([...pars(10), ...own('2024-02-01', 69.5)]);
    // 100 − 10·(69.5 − 70)/1 = 105.
    expect(row['speed_last']).toBeCloseTo(105, 9);
    expect(row).toMatchObject({ speed_runs: 1, speed_trend: null });
  });

  test('the race’s own day makes no par; a figure is fixed on its day', () => {
    const tenth = race({
      date: '2024-02-01',
      raceNo: 2,
      horses: ['x', 'y'],
      positions: ['1', '2'],
      times: [71, 75],
    });
    expect(form([...pars(9), ...tenth, ...own('2024-02-01', 69.5)])['speed_runs']).toBe(0);
    const later = race({
      date: '2024-02-02',
      horses: ['x', 'y'],
      positions: ['1', '2'],
      times: [60, 61],
    });
    const row = form([...pars(10), ...own('2024-02-01', 69.5), ...later]);
    expect(row['speed_last']).toBeCloseTo(105, 9);
  });

  test('dead-heated winners count once; other conditions do not count', () => {
    const tie = race({
      date: '2024-01-20',
      horses: ['x', 'y'],
      positions: ['1', '1'],
      times: [71, 71],
    });
    expect(form([...pars(8), ...tie, ...own('2024-02-01', 70)])['speed_runs']).toBe(0);
    const elsewhere = race({ date: '2024-02-01', course: 'B', positions: ['1'], times: [70] });
    expect(form([...pars(10), ...elsewhere])['speed_runs']).toBe(0);
  });

  test('no spread of the winners’ times, no figure', () => {
    const level = Array.from({ length: 10 }, (_, index) =>
      race({
        date: `2024-01-1${index}`,
        horses: ['x', 'y'],
        positions: ['1', '2'],
        times: [70.1, 75],
      }),
    ).flat();
    expect(form([...level, ...own('2024-02-01', 70)])['speed_runs']).toBe(0);
  });
});

describe('Elo', () => {
  const elo = (history: readonly Run[], id: string) =>
    horse(horseElo(history, today, day(asOf)), id);

  test('three horses of equal rating', () => {
    // K/(n−1) = 14; expectations ½ each: the winner 14·(½+½) = 14, the second 0, the last −14.
    const history = race({ date: '2024-03-01', positions: ['1', '2', '3'] });
    expect(elo(history, 'h1')).toMatchObject({ elo: 1514, elo_runs: 1 });
    expect(elo(history, 'h2')).toMatchObject({ elo: 1500, elo_runs: 1 });
    expect(elo(history, 'h3')).toMatchObject({ elo: 1486, elo_runs: 1 });
  });

  test('non-finishers tie with each other behind all finishers', () => {
    // h1 beats two: +14. h2 and h3 lose one and share one: 14·(−½ + 0) = −7 each.
    const history = race({ date: '2024-03-01', positions: ['1', 'PU', 'F'] });
    expect(elo(history, 'h1')['elo']).toBe(1514);
    expect(elo(history, 'h2')['elo']).toBe(1493);
    expect(elo(history, 'h3')['elo']).toBe(1493);
  });

  test('a dead heat of two', () => {
    const history = race({ date: '2024-03-01', positions: ['1', '1'] });
    expect(elo(history, 'h1')).toMatchObject({ elo: 1500, elo_runs: 1 });
  });

  test('one starter, all pulled up, and withdrawn horses are not rated', () => {
    const history = [
      ...race({ date: '2024-03-01', positions: ['1'] }),
      ...race({ date: '2024-03-02', positions: ['PU', 'PU'] }),
      ...race({ date: '2024-03-03', positions: ['WD', '1'] }),
    ];
    expect(elo(history, 'h1')).toMatchObject({ elo: 1500, elo_runs: 0 });
    expect(elo(history, 'h2')).toMatchObject({ elo: 1500, elo_runs: 0 });
  });

  test('the second meeting counts the ratings; both races of a day use the morning’s', () => {
    // 1514 against 1486: expected 1/(1 + 10^(−28/400)); the favourite loses.
    const first = race({ date: '2024-03-01', positions: ['1', '2'] });
    const second = race({ date: '2024-03-02', positions: ['2', '1'] });
    const expected = 1 / (1 + 10 ** (-28 / 400));
    expect(elo([...first, ...second], 'h1')['elo']).toBeCloseTo(1514 - 28 * expected, 9);
    const sameDay = race({ date: '2024-03-01', raceNo: 2, positions: ['2', '1'] });
    expect(elo([...first, ...sameDay], 'h1')['elo']).toBe(1500);
  });

  test('an earlier date asked after a later one', () => {
    const history = race({ date: '2024-03-10', positions: ['1', '2'] });
    expect(horse(horseElo(history, today, day(asOf)))['elo']).toBe(1514);
    expect(horse(horseElo(history, today, day('2024-03-10')))['elo']).toBe(1500);
    expect(horse(horseElo(history, today, day('2024-03-11')))['elo']).toBe(1514);
  });
});

describe('sectionals', () => {
  const run = (date: string, position: string, early: number | null, late: number | null) => {
    const others = ['1', '2', '3', '4', '5'].filter((other) => other !== position).slice(0, 4);
    return race({
      date,
      positions: [position, ...others],
      earlyPositions: [early],
      latePositions: [late],
    });
  };
  const row = (history: readonly Run[]) => horse(horseSectionals(history, today, day(asOf)));

  test('shares, gains and kicks', () => {
    // Fields of 5. Early 1 and 2: shares .2 and .4, mean .3 on_pace; late − finish: 4−1 = 3, 2−4 = −2.
    const found = row([...run('2024-03-01', '1', 1, 4), ...run('2024-03-05', '4', 2, 2)]);
    expect(found['early_pos_share_avg']).toBeCloseTo(0.3, 12);
    expect(found).toMatchObject({ running_style: 'on_pace', sectional_runs: 2 });
    // Early − finish: 0 and −2.
    expect(found).toMatchObject({ gain_early_finish_avg: -1, gain_mid_finish_avg: null });
    expect(found).toMatchObject({ closer_count: 1, fader_count: 1, front_count: 1 });
    expect(found).toMatchObject({ closer_rate: 0.5, fader_rate: 0.5, front_rate: 0.5 });
    // 3 and −2: mean ½, σ 2.5. Break: 0/4 and 1/4.
    expect(found).toMatchObject({ kick_consistency: 2.5, break_bias: 0.125 });
  });

  test('the limits of the styles are inclusive', () => {
    expect(row(run('2024-03-01', '1', 1, 1))['running_style']).toBe('leader');
    expect(row(run('2024-03-01', '1', 3, 1))['running_style']).toBe('off_pace');
    expect(row(run('2024-03-01', '1', 4, 1))['running_style']).toBe('closer');
  });

  test('a run without sections counts nowhere; one run has no consistency', () => {
    const found = row([...run('2024-03-01', '1', 1, 4), ...run('2024-03-05', 'PU', null, null)]);
    expect(found).toMatchObject({ sectional_runs: 1, kick_consistency: null, closer_rate: 1 });
    expect(row([])).toMatchObject({ running_style: 'unknown', sectional_runs: 0, fader_count: 0 });
    expect(row([])).toMatchObject({ fader_rate: null, break_bias: null });
  });
});
