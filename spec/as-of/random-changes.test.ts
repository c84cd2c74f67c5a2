import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { type Files, makeProject, type TestProject } from '../e2e/velo.ts';
import { makePostgresProject } from '../postgres/project.ts';
import { rounds } from '../rounds.ts';
import { type BuildOptions, build } from './build.ts';
import { postgresRowHashes, rowHashes } from './row-hashes.ts';
import { SHOP } from './shop.ts';

const asOfModel = (settings: string, sql: string): string =>
  `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date',
  begin='2024-01-03', separable='assume'${settings}) }}\n${sql}\n`;

const ofRange = 'as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }}';

/** Models of the shop in the SQL of both engines. */
const PORTABLE = {
  'models/stg_sales.sql': `{{ config(materialized='view', event_time='day') }}
select id, cast(day as date) as day, shop_id, cast(amount as double precision) as amount from {{ ref('sales') }}
`,
  'models/week.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03', unique_key=['shop_id', 'as_of_date']) }}
with days as (
  select cast(moment as date) as as_of_date from generate_series(
    cast({{ as_of.start }} as timestamp), cast({{ as_of.end }} as timestamp) - interval '1 day', interval '1 day'
  ) as series(moment)
)
select days.as_of_date, paid.shop_id, count(*) as sales,
  {{ in_cents('sum(paid.amount)') }} * {{ var('rate') }} as cents
from days
join {{ ref('paid', history='7 days') }} as paid
  on paid.day < days.as_of_date and paid.day >= days.as_of_date - interval '7 days'
group by 1, 2
`,
  'models/best.sql': `{{ config(materialized='incremental', incremental_strategy='as_of',
  as_of='as_of_date', begin='2024-01-03') }}
select as_of_date, max(shop_id) as shop_id, max(cents) as cents
from {{ ref('week') }}
where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }}
group by as_of_date
`,
};

/** The shop, and every way on which a late row can go: views and tables with and without dates, the own past, windows. */
const FILES = {
  ...SHOP,
  ...PORTABLE,
  'models/shown.sql': `{{ config(materialized='view', event_time='as_of_date') }}
select * from {{ ref('week') }}
`,
  'models/copied.sql': `{{ config(materialized='table', event_time='as_of_date') }}
select * from {{ ref('shown') }}
`,
  'models/plain.sql': "select * from {{ ref('week') }}\n",
  'models/of_table.sql': asOfModel(
    ', lookback=[1, 3], batch_size=3',
    `select as_of_date, sum(cents) as cents from {{ ref('copied', history='2 days') }} where ${ofRange} group by 1`,
  ),
  'models/of_plain.sql': asOfModel(
    '',
    `select as_of_date, count(*) as shops from {{ ref('plain') }} where ${ofRange} group by 1`,
  ),
  'models/running.sql': asOfModel(
    ', depends_on_past=true',
    `select {{ as_of.start }} as as_of_date, coalesce(sum(cents), 0){% if is_incremental() %}
  + coalesce((select total from {{ this }} where as_of_date < {{ as_of.start }} order by as_of_date desc limit 1), 0){% endif %} as total
from {{ ref('shown', history='0 days') }} where ${ofRange}`,
  ),
  'models/around.sql': asOfModel(
    '',
    `select day as as_of_date, (select sum(other.amount) from {{ ref('stg_sales', history={'before': '1 day', 'after': '1 day'}) }} as other
  where other.day between sales.day - 1 and sales.day + 1) as amount
from (select distinct day from {{ ref('stg_sales', history='0 days') }} where day >= {{ as_of.start }}) as sales`,
  ),
};

/** A whole number below another. */
type Random = (below: number) => number;

function randomOf(seed: number): Random {
  const next = seededRandom(seed);
  return (below) => Math.floor(next() * below);
}

const SEED = 'seeds/sales.csv';
const day = (random: Random): string => `2024-01-${String(1 + random(30)).padStart(2, '0')}`;

/** Each does something to the project or builds a part of it. */
const ACTIONS: readonly ((project: TestProject, random: Random) => Promise<unknown>)[] = [
  async (project, random) =>
    edit(project, (lines) => [...lines, `${900 + random(99)},${day(random)},c,${random(99)}`]),
  async (project, random) => {
    const gone = day(random);
    edit(project, (lines) =>
      lines.filter((line) => line.split(',')[1] !== gone || random(2) === 0),
    );
  },
  async (project, random) => {
    const changed = day(random);
    edit(project, (lines) =>
      lines.map((line) =>
        line.split(',')[1] === changed ? line.replace(/,\d*$/, `,${random(99)}`) : line,
      ),
    );
  },
  async (project, random) =>
    project.write({
      'models/best.sql': `-- ${random(2)}\n${PORTABLE['models/best.sql'].replace('max(cents)', random(2) ? 'max(cents)' : 'min(cents)')}`,
    }),
  (project, random) => built(project, random),
  (project, random) => built(project, random, { late: false }),
  (project, random) =>
    built(project, random, {
      select: [
        ['week', '+week', 'stg_sales+', 'best', 'copied', 'of_table', 'running'][random(7)] ?? '',
      ],
    }),
  (project, random) =>
    built(project, random, { restate: `2024-01-0${1 + random(9)}..2024-01-${10 + random(9)}` }),
  (project, random) => built(project, random, { from: `2024-01-${10 + random(5)}` }),
  (project, random) => built(project, random, { command: 'run' }),
];

function edit(project: TestProject, change: (lines: string[]) => string[]): void {
  const [head = '', ...lines] = project.read(SEED).trim().split('\n');
  project.write({ [SEED]: `${[head, ...change(lines)].join('\n')}\n` });
}

const built = (project: TestProject, random: Random, options: BuildOptions = {}) =>
  build(project.dir, { asOf: `2024-01-${15 + random(10)}`, ...options });

const LAST = '2024-01-25';
const ACTION_COUNT = 9;

/** A project, and what its database holds. */
interface Engine {
  readonly name: string;
  readonly seeds: number;
  make(files: Files): Promise<{
    readonly project: TestProject;
    hashes(): Promise<Readonly<Record<string, string>>>;
  }>;
}

const ENGINES: readonly Engine[] = [
  {
    name: 'DuckDB',
    seeds: rounds(4, 10),
    async make(files) {
      const project = makeProject(files);
      return { project, hashes: () => rowHashes(project.database) };
    },
  },
  {
    name: 'Postgres',
    seeds: rounds(1, 3),
    async make(files) {
      const { project, database } = await makePostgresProject(files);
      return { project, hashes: () => postgresRowHashes(database) };
    },
  },
];

describe.each(ENGINES)('$name', ({ seeds, make }) => {
  test.each(Array.from({ length: seeds }, (_, seed) => seed))(
    'whatever happens on the way, a build ends as one from nothing (seed %i)',
    async (seed) => {
      const random = randomOf(seed);
      const { project, hashes } = await make(FILES);
      for (let i = 0; i < ACTION_COUNT; i += 1) {
        await ACTIONS[random(ACTIONS.length)]?.(project, random);
      }
      await build(project.dir, { asOf: LAST });
      const files = Object.fromEntries(
        Object.keys(FILES).map((path) => [path, project.read(path)]),
      );
      const fresh = await make({ ...files, 'velo_project.yml': SHOP['velo_project.yml'] ?? '' });
      await build(fresh.project.dir, { asOf: LAST });
      expect(await hashes()).toEqual(await fresh.hashes());
      const again = await build(project.dir, { asOf: LAST });
      expect(again.reasons).toEqual({});
    },
    120_000,
  );
});
