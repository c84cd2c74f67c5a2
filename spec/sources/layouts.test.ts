import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  FIXTURES,
  fixtureOf,
  racingWarehouse,
  simulatedFiles,
} from '../shared/racing-warehouse.ts';
import { differing, featureTables, MINUTES, type Names, namesIn } from './racing-build.ts';

const SECTIONALS = [
  /^horse_sectionals\.\w+$/,
  /^(horse_current_form|training_dataset|race_card)\.(sectional_runs|(early|mid|late)_pos_share_avg|gain_(early|mid)_finish_avg|sec_z_\w+_avg|running_style|(fader|closer|front)_(count|rate)|kick_consistency|break_bias)$/,
  /^course_going_bias\[front_runner\]\.\w+$/,
  /^(training_dataset|race_card)\.bias_front_runner_\w+$/,
];
const IN_FURLONGS = [
  /^(training_dataset|race_card)\.distance_m$/,
  /^(horse_suitability|training_dataset|race_card)\.distance_m_(change|diff_placed)$/,
];
const BY_OFF = [/^(training_dataset|race_card)\.race_no$/];

/** What each layout cannot carry, and why. Everything else is the same in every table of features. */
const LOST: Readonly<Record<string, Readonly<Record<string, readonly RegExp[]>>>> = {
  rpscrape: {
    'there are no sectionals, and front runners are told by them': SECTIONALS,
    'distances are whole half furlongs: 1600 m is 1m, which is 1609': IN_FURLONGS,
    'races have no number: where one of a meeting is absent, those after it count one less': BY_OFF,
  },
  racing_schema: {
    'there are no sectionals, and front runners are told by them': SECTIONALS,
    'distances are whole half furlongs: 1600 m is 8 f, which is 1609': IN_FURLONGS,
    'races have no number: where one of a meeting is absent, those after it count one less': BY_OFF,
  },
  race_results: {
    'weights are half kilograms': [
      /^(training_dataset|race_card)\.weight_(lbs|diff)$/,
      /^training_dataset\.weight_pct$/,
      /^(horse_suitability|training_dataset|race_card)\.weight_(change|diff_(career|placed|max_won))$/,
    ],
    'races have no time of the off, so no time of decision': [
      /^(market|training_dataset|race_card)\.decision_ts$/,
    ],
    'there are no official ratings': [/^(training_dataset|race_card)\.rating(_pct|_diff)?$/],
  },
};

const inFixture = (layout: string, file: string) => join(FIXTURES, layout, `${file}.csv`);

/** The simulator's names for the ids of each layout. */
const NAMES: Readonly<Record<string, (database: string) => Promise<Names>>> = {
  rpscrape: async () => ({}),
  racing_schema: async (database) => ({
    race_id: await namesIn(database, inFixture('racing_schema', 'races'), 'race_id', 'race_key'),
    ...(await dimensions(database, 'horse', 'jockey', 'trainer')),
  }),
  race_results: async (database) => {
    const results = inFixture('race_results', 'race_results');
    return {
      horse_id: await namesIn(database, results, 'horse_slug', 'horse_name'),
      jockey_id: await namesIn(database, results, 'jockey_slug', 'jockey_name'),
      trainer_id: await namesIn(database, results, 'trainer_slug', 'trainer_name'),
    };
  },
};

async function dimensions(database: string, ...ones: readonly string[]): Promise<Names> {
  const entries = ones.map(async (one) => {
    const file = inFixture('racing_schema', `${one}s`);
    return [`${one}_id`, await namesIn(database, file, `${one}_id`, `${one}_name`)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test(
  'the same racing gives the same features through every layout',
  async () => {
    const files = await racingWarehouse(await simulatedFiles());
    const expected = await featureTables(files.database);
    expect(expected.size).toBeGreaterThanOrEqual(13);
    expect(expected.get('training_dataset')?.size).toBeGreaterThan(600);
    expect(expected.get('race_card')?.size).toBeGreaterThan(5);
    for (const [layout, lost] of Object.entries(LOST)) {
      const built = await racingWarehouse(fixtureOf(layout));
      expect([layout, built.warned]).toEqual([layout, []]);
      const columns = differing(
        expected,
        await featureTables(built.database, await NAMES[layout]?.(built.database)),
      );
      const patterns = Object.values(lost).flat();
      const other = columns.filter((column) => !patterns.some((pattern) => pattern.test(column)));
      expect([layout, other]).toEqual([layout, []]);
      for (const pattern of patterns) {
        expect(
          columns.some((column) => pattern.test(column)),
          `${layout} ${pattern}`,
        ).toBe(true);
      }
    }
  },
  10 * MINUTES,
);
