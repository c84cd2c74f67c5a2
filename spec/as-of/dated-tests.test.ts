import { expect, test } from 'vitest';
import { makeProject } from '../e2e/velo.ts';
import { type Built, build } from './build.ts';
import { SHOP } from './shop.ts';

/** A view of `week` with prices of a seed, and tests of both. */
const DATED = {
  ...SHOP,
  'seeds/prices.csv': 'shop_id,price\na,1\nb,2\nc,3\n',
  'models/shown.sql': `{{ config(materialized='view', as_of='as_of_date') }}
select week.as_of_date, week.shop_id, week.cents, prices.price
from {{ ref('week') }} as week
left join {{ ref('prices') }} as prices on prices.shop_id = week.shop_id
`,
  'models/shown.yml': `models:
  - name: shown
    data_tests:
      - unique_combination: {name: one_a_day, arguments: {columns: [shop_id, as_of_date]}}
    columns:
      - name: price
        data_tests: [{not_null: {name: priced}}]
      - name: shop_id
        data_tests: [{accepted_values: {name: known_shops, arguments: {values: [a, b, c]}}}]
`,
  'tests/best_is_of_the_week.sql': `{{ config(as_of='as_of_date') }}
select best.as_of_date
from {{ ref('best') }} as best
left join {{ ref('shown') }} as shown on shown.as_of_date = best.as_of_date and shown.cents = best.cents
where shown.cents is null
{% if as_of is defined %}  and best.as_of_date between {{ as_of.start }} and {{ as_of.end }}{% endif %}
`,
  'tests/best_is_positive.sql': `{{ config(judges_code=true) }}
select * from {{ ref('best') }} where cents < 0
`,
};

const NAMES = ['best_is_of_the_week', 'best_is_positive', 'known_shops', 'one_a_day', 'priced'];

/** The dates each test that ran looked at: `all`, or the ends of the range. */
function lookedAt({ result, plan }: Built): Readonly<Record<string, string>> {
  const ran = result.results.flatMap(({ node, status, compiledCode = '' }) => {
    const name = NAMES.find((one) => node.split('.').includes(one));
    if (!name || status === 'reused') return [];
    expect(status).toBe('pass');
    const dates = [...compiledCode.matchAll(/"as_of_date" (>=|<) date '([\d-]+)'/g)];
    const said = [...new Set(dates.map(([, , day]) => day))].join(' ');
    expect(said !== '').toBe(plan.judging.get(node)?.dates !== undefined);
    return [[name, said || 'all'] as const];
  });
  return Object.fromEntries(ran.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const all = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, 'all'] as const));

const DATED_TESTS = ['best_is_of_the_week', 'known_shops', 'one_a_day', 'priced'];

const on = (dates: string) => Object.fromEntries(DATED_TESTS.map((name) => [name, dates] as const));

test('tests of a dated view, and those with as_of, look at the dates that are new', async () => {
  const project = makeProject(DATED);
  const until = (asOf: string, options = {}) => build(project.dir, { asOf, ...options });
  expect(lookedAt(await until('2024-01-10'))).toEqual(all(...NAMES));
  expect(lookedAt(await until('2024-01-10'))).toEqual({});
  // What judges code has passed on it: new rows are no reason to look again.
  expect(lookedAt(await until('2024-01-11'))).toEqual(on('2024-01-11 2024-01-12'));
  await until('2024-01-13', { command: 'run' });
  expect(lookedAt(await until('2024-01-14'))).toEqual(on('2024-01-12 2024-01-15'));
  // `best` looks into all of the past of `week`, so its later dates are other rows, too.
  expect(lookedAt(await until('2024-01-14', { restate: '2024-01-05..2024-01-06' }))).toEqual({
    ...on('2024-01-05 2024-01-07'),
    best_is_of_the_week: '2024-01-05 2024-01-15',
  });
  expect(lookedAt(await until('2024-01-14', { command: 'test' }))).toEqual(all(...NAMES));
});

test('a date is judged once all that is read has it', async () => {
  const project = makeProject(DATED);
  await build(project.dir, { asOf: '2024-01-10' });
  const part = await build(project.dir, {
    asOf: '2024-01-11',
    select: ['week+'],
    exclude: ['best'],
  });
  expect(lookedAt(part)).not.toHaveProperty('best_is_of_the_week');
  const rest = await build(project.dir, { asOf: '2024-01-11' });
  expect(lookedAt(rest)).toEqual({ best_is_of_the_week: '2024-01-11 2024-01-12' });
});

test('other code, or an input without dates, is a reason to look at everything', async () => {
  const project = makeProject(DATED);
  const until = (asOf: string) => build(project.dir, { asOf });
  await until('2024-01-10');
  project.write({ 'seeds/prices.csv': 'shop_id,price\na,1\nb,2\nc,4\n' });
  expect(lookedAt(await until('2024-01-11'))).toEqual(all(...DATED_TESTS));
  const view = project.read('models/shown.sql').replace('week.cents,', 'week.cents as cents,');
  project.write({ 'models/shown.sql': view });
  expect(lookedAt(await until('2024-01-12'))).toEqual(all(...DATED_TESTS));
  const best = project.read('models/best.sql').replace('max(cents)', 'max(cents + 0)');
  project.write({ 'models/best.sql': best });
  expect(lookedAt(await until('2024-01-12'))).toEqual(
    all('best_is_of_the_week', 'best_is_positive'),
  );
});

test('a row that breaks the rule on a new date is found', async () => {
  const project = makeProject({
    ...DATED,
    'models/shown.sql': DATED['models/shown.sql'].replace(
      'prices.price',
      "case when week.as_of_date <> date '2024-01-11' then prices.price end as price",
    ),
  });
  await build(project.dir, { asOf: '2024-01-10' });
  const { result } = await build(project.dir, { asOf: '2024-01-11' });
  const failed = result.results.filter(({ status }) => status === 'fail');
  expect(failed.map(({ node, failures }) => [node.split('.')[2], failures])).toEqual([
    ['priced', 3],
  ]);
});

test.each([
  [
    'tests/best_is_of_the_week.sql',
    "as_of='as_of_date'",
    "as_of='as_of_date', warn_if='> 3'",
    'a test with as_of fails by any row it finds',
  ],
  [
    'models/shown.yml',
    '{name: priced}',
    '{name: priced, config: {as_of: as_of_date}}',
    "'not_null' knows by itself whether dates can be judged alone",
  ],
])('as_of where it says nothing is refused: %s', async (file, before, after, message) => {
  const project = makeProject(DATED);
  project.write({ [file]: project.read(file).replace(before, after) });
  await expect(build(project.dir)).rejects.toMatchObject({
    errors: [{ code: 'as-of-config', message }],
  });
});
