import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DayRows } from './rows.ts';
import { SAMPLE, samplePaths } from './sample.ts';
import { simulate } from './simulate.ts';
import type { WorldSettings } from './world.ts';
import { csvLines, HEADERS } from './write-csv.ts';

const season = { seed: 9, firstSeason: 2024, seasons: 1, runs: 4000 };
const days = [...simulate(season)];
const SEEDS = fileURLToPath(new URL('../../seeds', import.meta.url));

function text(of: Iterable<DayRows>): { races: string; runners: string; prices: string } {
  const all = { ...HEADERS };
  for (const day of of) {
    const lines = csvLines(day);
    all.races += lines.races;
    all.runners += lines.runners;
    all.prices += lines.prices;
  }
  return all;
}

function hash(settings: WorldSettings): string {
  const { races: a, runners: b, prices: c } = text(simulate(settings));
  return createHash('sha256').update(a).update(b).update(c).digest('hex');
}

describe('determinism', () => {
  const small = { seed: 5, firstSeason: 2025, seasons: 1, runs: 2000 };

  test('the same seed gives the same bytes, another seed others', () => {
    expect(hash(small)).toBe(hash(small));
    expect(hash({ ...small, seed: 6 })).not.toBe(hash(small));
  });

  test('the shipped seeds are what the sample settings give', () => {
    const again = text(simulate(SAMPLE));
    const paths = samplePaths(SEEDS);
    const bytes = Object.values(again).reduce((sum, one) => sum + one.length, 0);
    expect(bytes).toBeLessThan(3_000_000);
    for (const table of ['races', 'runners', 'prices'] as const) {
      expect(again[table] === readFileSync(paths[table], 'utf8'), `${paths[table]} is stale`).toBe(
        true,
      );
    }
  });
});

describe('causality', () => {
  test('a longer future changes nothing of the past', () => {
    const lastDay = Date.UTC(2024, 11, 30) / 86_400_000;
    const longer = [...simulate({ ...season, seasons: 2, runs: 2 * season.runs })];
    expect(longer.length).toBeGreaterThan(1.5 * days.length);
    const past = (of: readonly DayRows[]) => text(of.filter(({ day }) => day < lastDay));
    for (const table of ['races', 'runners', 'prices'] as const) {
      expect(past(longer)[table].length).toBeGreaterThan(10_000);
      expect(past(longer)[table] === past(days)[table]).toBe(true);
    }
  });

  test('the last day is a card: declared and priced, without any outcome', () => {
    const [eve, card] = days.slice(-2);
    expect([eve?.day, card?.day]).toEqual(
      [-1, 0].map((ago) => Date.UTC(2024, 11, 31) / 86_400_000 + ago),
    );
    expect(card?.runners.length).toBeGreaterThan(10);
    for (const row of card?.runners ?? []) {
      expect([null, 'WD']).toContain(row.position);
      expect([row.odds, row.finish_time_s, row.early_pos, row.early_time_s]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
    const moments = new Set(card?.prices.map((row) => row.snapshot_at));
    expect([...moments]).toEqual(['2024-12-30 17:00', '2024-12-31 08:30']);
  });
});
