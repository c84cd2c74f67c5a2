import { expect, test } from 'vitest';
import { makeProject, type TestProject, verdictOf } from '../velo.ts';
import { MEETING, perRunner } from './meeting.ts';
import { PAIR_FILES, PAIRS } from './pairs.ts';

/** Leaks of a runner's own result. */
const OF_THE_RESULT = [
  'window_with_the_day',
  'between_off_by_one',
  'last_value_without_frame',
  'hidden_two_models_upstream',
  'through_a_macro',
];

/** Leaks that tell nothing within a race, or only of other races: no_future_leakage is for them. */
const OF_OTHERS = ['same_race_aggregate', 'later_race_of_the_day'];

/** One row per runner with these features, one column each, the rating where `rated` holds, a word, and the label. */
const dataset = (features: readonly string[], rated: string, word: string): string => {
  const columns = features.map((name) => `  ${name}.${columnOf(name)} as ${name},`);
  const joins = features.map(
    (name) => `left join {{ ref('${name}', history='0 days') }} as ${name}
  on ${name}.race_id = card.race_id and ${name}.horse_id = card.horse_id and ${name}.as_of_date = card.race_date`,
  );
  return perRunner(`select card.race_id, card.horse_id, card.race_date as as_of_date,
${columns.join('\n')}
  case when ${rated} then card.rating end as rating,
  case when ${word} then 'fast' else 'slow' end as style,
  runs.won
from {{ ref('spine', history='0 days') }} as card
join {{ ref('runs', history='0 days') }} as runs on runs.race_id = card.race_id and runs.horse_id = card.horse_id
${joins.join('\n')}`);
};

const columnOf = (name: string): string =>
  /window|between|later|macro/.test(name) ? 'wins' : 'value';

const TEST = `models:
  - name: dataset
    columns: [{name: won, label: true}]
    data_tests:
      - no_label_leak: {arguments: {label: won, group: race_id}}
`;

const build = (project: TestProject, ...args: string[]) =>
  project.velo(['build', '-s', '+dataset', '--as-of', '2024-02-09', ...args]);

const HONEST = dataset(
  PAIRS.map(({ name }) => `honest_${name}`),
  'card.rating > 65',
  'card.rating > 75',
);

test('features of earlier days pass, and are tried again only when code changes', async () => {
  const project = makeProject({
    ...MEETING,
    ...PAIR_FILES,
    'models/dataset.sql': HONEST,
    'models/dataset.yml': TEST,
  });
  const first = await build(project, '--as-of', '2024-02-08');
  expect(first.stdout).toMatch(/PASS no_label_leak_dataset_/);
  expect(first.exitCode).toBe(0);
  const nextDay = await build(project);
  expect(nextDay.stdout).not.toContain('START test no_label_leak');
  expect(nextDay.exitCode).toBe(0);
  const { honest } = PAIRS[0] as (typeof PAIRS)[number];
  project.write({
    'models/honest/honest_window_with_the_day.sql': perRunner(honest.replaceAll('14', '13')),
  });
  const changed = await build(project);
  expect(changed.stdout).toMatch(/PASS no_label_leak_dataset_/);
});

test('a result that reached a feature as a value, a NULL or a word is found, and nothing is published', async () => {
  const leaky = dataset(
    [...OF_THE_RESULT, ...OF_OTHERS],
    'runs.position <= 3',
    'runs.finish_time_s < 70.6',
  );
  const project = makeProject({
    ...MEETING,
    ...PAIR_FILES,
    'models/dataset.sql': leaky,
    'models/dataset.yml': TEST,
  });
  const result = await build(project);
  expect(result.exitCode).toBe(1);
  expect(verdictOf(result)).toContain('no_label_leak_dataset_');
  expect(await project.relations()).not.toContain('dataset');
  const [[table] = []] = await project.query(
    "select table_name from information_schema.tables where table_schema = 'velo_audit'",
  );
  const found = await project.query(
    `select column_name, tells_by, auc < lowest or auc > highest from velo_audit."${String(table)}" order by all`,
  );
  expect(found.map(([column, aspect]) => `${column}: ${aspect}`)).toEqual(
    [
      ...OF_THE_RESULT.map((name) => `${name}: value`),
      'rating: is NULL',
      'style: = fast',
      'style: = slow',
    ].sort(),
  );
  expect(found.every(([, , isOutside]) => isOutside)).toBe(true);
});

test('what cannot be tried is said', async () => {
  const project = makeProject({
    ...MEETING,
    ...PAIR_FILES,
    'models/dataset.sql': dataset([], 'true', 'card.rating > 75'),
    'models/dataset.yml': TEST.replace('group: race_id', 'group: race_id, group_in_inputs: [heat]'),
  });
  const noGroup = await build(project);
  expect(noGroup.exitCode).toBe(1);
  expect(noGroup.stdout).toContain(
    "'runners' has outcomes, but no column heat to shuffle them within",
  );
  project.write({ 'models/dataset.yml': TEST.replace('label: won', 'label: victory') });
  const noLabel = await build(project);
  expect(noLabel.exitCode).toBe(1);
  expect(noLabel.stdout).toContain('victory');
});
