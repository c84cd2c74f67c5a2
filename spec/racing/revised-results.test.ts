import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowHashes } from '../as-of/row-hashes.ts';
import { type Days, race, racingProject, runner } from './made-days.ts';

const MINUTE = 60_000;
const LAST = '2024-06-30';
const DAYS = ['2024-05-03', '2024-05-10', '2024-05-17', '2024-05-24', '2024-06-28'];

/** Five days on which the same four horses meet; `results` by day. */
const season = (results: Readonly<Record<string, readonly string[]>> = {}): Days => ({
  races: DAYS.map((day) => race(`race of ${day}`, day)),
  runners: DAYS.flatMap((day) =>
    (results[day] ?? ['1', '2', '3', '4']).map((position, index) =>
      runner(`race of ${day}`, `horse ${index + 1}`, position),
    ),
  ),
});

/** The winner of May 10th is disqualified a week later, and the others move up. */
const REVISED = season({ '2024-05-10': ['DSQ', '1', '2', '3'] });

const project = racingProject(season());
beforeAll(async () => {
  expect((await project.build(LAST)).failed).toEqual([]);
}, 2 * MINUTE);
afterAll(project.remove);

const winsBefore = (day: string) =>
  project.texts(`select horse_id, career_wins from horse_form where as_of_date = '${day}'
    and horse_id in ('horse 1', 'horse 2') order by 1`);

test(
  'a result revised a week later: just the dates from that day on are built again',
  async () => {
    expect(await winsBefore('2024-05-17')).toEqual(['horse 1 2', 'horse 2 0']);
    project.write(REVISED);
    const { failed, warned, built } = await project.build(LAST);
    expect([failed, warned]).toEqual([[], []]);
    // Each table reads runs, whose rows of that day are others now; ahead ones go on for two days.
    expect(new Set(Object.values(built))).toEqual(new Set(['2024-05-10 … 2024-07-02']));
    expect(Object.keys(built)).toContain('training_dataset');
    expect(await winsBefore('2024-05-10')).toEqual(['horse 1 1', 'horse 2 0']);
    expect(await winsBefore('2024-05-17')).toEqual(['horse 1 1', 'horse 2 1']);
  },
  2 * MINUTE,
);

test(
  'rows that come again in the same words change nothing',
  async () => {
    project.write({ ...REVISED, runners: [...REVISED.runners, ...REVISED.runners.slice(0, 4)] });
    const { failed, warned, built } = await project.build(LAST);
    expect(failed).toEqual([]);
    expect(warned).toEqual([expect.stringMatching('^rejected_rows_are_counted')]);
    expect(built).toEqual({});
    project.write(REVISED);
    await project.build(LAST);
  },
  2 * MINUTE,
);

test(
  'the tables equal those of the revised files built from nothing',
  async () => {
    const fresh = racingProject(REVISED);
    try {
      await fresh.build(LAST);
      expect(await rowHashes(project.database)).toEqual(await rowHashes(fresh.database));
    } finally {
      fresh.remove();
    }
  },
  2 * MINUTE,
);
