import { describe, expect, test } from 'vitest';
import { days, races, run, starters } from './simulated-races.ts';

const CODES = 'PU F UR BD RO RR SU CO DSQ REF LFT DNF TNP FE'.split(' ');

function horsesOf(year: string): Set<string> {
  const season = races.filter(({ card }) => card.race_date.startsWith(year));
  return new Set(season.flatMap((race) => race.runners.map((row) => row.horse_id)));
}

/** How many members of one set another lacks. */
function without(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...one].filter((item) => !other.has(item)).length;
}

describe('declarations', () => {
  test('a horse is declared once a day, a jockey once a race, a stall once', () => {
    for (const day of days) {
      expect(new Set(day.runners.map((row) => row.horse_id)).size).toBe(day.runners.length);
    }
    for (const race of races) {
      const jockeys = race.runners.flatMap((row) => row.jockey_id ?? []);
      expect(new Set(jockeys).size).toBe(jockeys.length);
      const stalls = race.runners.map((row) => row.draw).sort((a, b) => a - b);
      expect(stalls).toEqual(race.runners.map((_, index) => index + 1));
    }
  });

  test('fields have 4 to 16 horses, a few races fewer', () => {
    const sizes = races.map((race) => race.runners.length);
    expect(Math.max(...sizes)).toBe(16);
    const small = run.filter((race) => race.starters.length < 4).length / run.length;
    expect(small).toBeGreaterThan(0.002);
    expect(small).toBeLessThan(0.03);
  });

  test('withdrawn horses have no odds, no time and no price after they were taken out', () => {
    const withdrawn = races.flatMap((race) => race.runners.filter((row) => row.position === 'WD'));
    expect(withdrawn.length / days.flatMap((day) => day.runners).length).toBeGreaterThan(0.02);
    for (const row of withdrawn) expect([row.odds, row.finish_time_s]).toEqual([null, null]);
    for (const race of run) {
      const final = race.prices.filter(
        (row) => row.snapshot_at === race.prices.at(-1)?.snapshot_at,
      );
      const quoted = final.map((row) => row.horse_id).sort();
      expect(quoted).toEqual(race.starters.map((row) => row.horse_id).sort());
    }
  });

  test('handicap weights follow the ratings', () => {
    for (const race of run.filter(({ card }) => card.is_handicap)) {
      const order = [...race.runners].sort((a, b) => (b.rating ?? 0) - (a.rating ?? 0));
      const weights = order.map((row) => row.weight_lbs);
      expect(weights).toEqual([...weights].sort((a, b) => b - a));
    }
  });

  test('every season has first-time starters and retirements', () => {
    const [first, second] = [horsesOf('2023'), horsesOf('2024')];
    expect(without(second, first)).toBeGreaterThan(0.15 * second.size);
    expect(without(first, second)).toBeGreaterThan(0.15 * first.size);
  });
});

describe('results', () => {
  test('a few races are void: no result, no odds', () => {
    const unrun = races.filter(
      (race) => race.starters.length === 0 && race.day < (days.at(-1)?.day ?? 0),
    );
    expect(unrun.length).toBeGreaterThan(0);
    expect(unrun.length / races.length).toBeLessThan(0.01);
    for (const { runners } of unrun) for (const row of runners) expect(row.odds).toBeNull();
  });

  test('every code occurs, and none but these', () => {
    const codes = starters
      .map(({ runner }) => runner.position ?? '')
      .filter((one) => !/^\d+$/.test(one));
    expect([...new Set(codes)].sort()).toEqual([...CODES].sort());
    expect(codes.length / starters.length).toBeLessThan(0.02);
  });

  test('positions count the finishers ahead, so that dead heats skip', () => {
    let deadHeats = 0;
    for (const race of run) {
      const positions = race.starters.map((row) => Number(row.position)).filter((one) => one > 0);
      positions.sort((a, b) => a - b);
      for (const position of positions) {
        expect(position).toBe(1 + positions.filter((other) => other < position).length);
      }
      deadHeats += positions[0] === positions[1] ? 1 : 0;
    }
    expect(deadHeats).toBeGreaterThan(0);
    expect(deadHeats / run.length).toBeLessThan(0.01);
  });

  test('times and sections belong to finishers and agree with the order', () => {
    for (const race of run) {
      const finishers = race.starters.filter((row) => /^\d+$/.test(row.position ?? ''));
      const others = race.runners.filter((row) => !finishers.includes(row));
      for (const row of others) expect([row.finish_time_s, row.early_pos]).toEqual([null, null]);
      finishers.sort((a, b) => Number(a.position) - Number(b.position));
      const times = finishers.map((row) => Number(row.finish_time_s));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      for (const call of ['early_pos', 'mid_pos', 'late_pos'] as const) {
        const places = finishers.map((row) => row[call] ?? 0).sort((a, b) => a - b);
        expect(places).toEqual(finishers.map((_, index) => index + 1));
      }
    }
  });

  test('sections are fast gallops and leave time for the rest of the race', () => {
    const timed = starters.filter(({ runner }) => runner.finish_time_s !== null);
    const left = timed.map(({ runner }) => {
      const sections = [runner.early_time_s, runner.mid_time_s, runner.finish_section_time_s];
      return sections.reduce((rest, one) => rest - Number(one), Number(runner.finish_time_s));
    });
    // Three sections are the whole race; each one more is 400 m of galloping.
    for (const [index, { runner }] of timed.entries()) {
      const untimed = runner.n_sections - 3;
      const rest = left[index] ?? Number.NaN;
      if (rest < 21 * untimed - 0.03 || rest > 31 * untimed + 0.03)
        expect.fail(JSON.stringify(runner));
    }
    const last = timed.map(({ runner }) => Number(runner.finish_section_time_s));
    expect(Math.min(...last)).toBeGreaterThan(20);
    expect(Math.max(...last)).toBeLessThan(33);
  });
});
