import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../shared/build-warehouse.ts';
import { groupBy } from './group-by.ts';
import { loadHkRuns } from './load.ts';
import { day } from './made-races.ts';
import type { Run } from './run.ts';

const parquet = join(repositoryRoot, '../shared/data/hk/runs.parquet');
const absent = !existsSync(parquet);
const reason = 'the Hong Kong data (../shared/data/hk) is not on this machine';

const positionOf = (run: Run) => (run.pos_num === null ? null : String(run.pos_num));

function isWonBySlower(field: readonly Run[]): boolean {
  const winner = field.find((run) => run.pos_num === 1);
  const seconds = (run: Run) => run.finish_time_s ?? Number.POSITIVE_INFINITY;
  return winner !== undefined && field.some((run) => seconds(run) < seconds(winner));
}

// The numbers are those racing-mapping.md states, counted there by another program.
describe('canonical runs of Hong Kong', () => {
  let runs: readonly Run[] = [];
  beforeAll(async () => {
    if (!absent) runs = await loadHkRuns(parquet);
  }, 120_000);

  test('rows, races, days and starters', (context) => {
    context.skip(absent, reason);
    expect(runs.length).toBe(96_881);
    expect(new Set(runs.map((run) => run.race_id)).size).toBe(7_821);
    expect(new Set(runs.map((run) => run.race_date)).size).toBe(831);
    expect(runs.filter((run) => run.is_starter).length).toBe(95_198);
    expect(Math.min(...runs.map((run) => run.race_date))).toBe(day('2016-01-01'));
    expect(Math.max(...runs.map((run) => run.race_date))).toBe(day('2025-07-16'));
  });

  test('races of one kind', (context) => {
    context.skip(absent, reason);
    const races = [...groupBy(runs, (run) => run.race_id).values()];
    const count = (holds: (race: readonly Run[]) => boolean) => races.filter(holds).length;
    expect(count((field) => field[0]?.winners === 2)).toBe(16);
    expect(count((field) => field[0]?.surface === 'AWT')).toBe(852);
    expect(count((field) => field[0]?.going_group === 'all_weather')).toBe(852);
    expect(count((field) => field[0]?.going_group === 'heavy')).toBe(2);
    expect(count((field) => field[0]?.class_rating === 20)).toBe(52);
    expect(count((field) => field[0]?.class_rating === 100)).toBe(145);
    expect(count((field) => field[0]?.class_rating === 85)).toBe(214);
    expect(count((field) => field[0]?.class_rating === 80)).toBe(1);
    expect(count((field) => field.filter((run) => run.is_favourite).length > 1)).toBe(170);
    const stallAbove = (run: Run) => run.is_starter && (run.draw ?? 0) > run.starters;
    expect(count((field) => field.some(stallAbove))).toBe(309);
    expect(new Set(runs.map((run) => run.starters)).size).toBe(11);
  });

  test('rows of one kind', (context) => {
    context.skip(absent, reason);
    const count = (holds: (run: Run) => boolean) => runs.filter(holds).length;
    expect(count((run) => run.status === 'DSQ')).toBe(4);
    expect(count((run) => run.status === 'PU')).toBe(64);
    expect(count((run) => run.jockey_id === null)).toBe(88);
    expect(count((run) => run.is_starter && run.rating === null)).toBe(2_148);
    expect(count((run) => run.odds === 1)).toBe(7);
    expect(count((run) => run.has_result)).toBe(96_881);
    const ofRace = runs.filter((run) => run.race_id === '2024-03-03_ST_07');
    expect(new Set(ofRace.map((run) => run.distance_m))).toEqual(new Set([1800]));
  });

  test('dead heats have no sections; the winner is not always the fastest', (context) => {
    context.skip(absent, reason);
    const races = [...groupBy(runs, (run) => run.race_id).values()];
    const ties = races.flatMap((field) =>
      [...groupBy(field, positionOf).values()].filter((level) => level.length > 1),
    );
    expect(ties.flat()).toHaveLength(478);
    expect(ties.flat().filter((run) => run.early_pos !== null)).toEqual([]);
    expect(races.filter(isWonBySlower)).toHaveLength(7);
  });

  test('every race: chances and market chances sum to 1', (context) => {
    context.skip(absent, reason);
    for (const field of groupBy(runs, (run) => run.race_id).values()) {
      const starters = field.filter((run) => run.is_starter);
      expect(starters.reduce((sum, run) => sum + (run.e0 ?? 0), 0)).toBeCloseTo(1, 9);
      expect(starters.reduce((sum, run) => sum + (run.market_e ?? 0), 0)).toBeCloseTo(1, 9);
    }
  });
});
