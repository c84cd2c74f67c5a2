import { expect, it } from 'vitest';
import { makeProject } from './velo.ts';

const SOUND = {
  'seeds/runs.csv': 'horse,race_date,pos\nalice,2024-01-01,1\nbob,2024-01-02,2\n',
  'models/winners.sql': "select horse, race_date, pos from {{ ref('runs') }} where pos = 1\n",
  'models/named.sql': "select horse as name from {{ ref('winners') }}\n",
  'models/_models.yml': `models:
  - name: winners
    columns:
      - name: horse
        data_tests: [not_null]
`,
};

const placesIn = (text: string) =>
  [...text.matchAll(/error\[([\w-]+)\] (\S*)/g)]
    .map(([, code, place]) => `${code} ${place}`)
    .sort();

it('build finds all wrong SQL in one go and touches nothing', async () => {
  const project = makeProject({
    ...SOUND,
    'models/misspelt.sql': "select horse,\n  posn\nfrom {{ ref('runs') }}\n",
    'models/clash.sql': "select horse + pos as sum from {{ ref('runs') }}\n",
    'models/after_it.sql': "select posn from {{ ref('misspelt') }}\n",
    'tests/nobody.sql': "select * from {{ ref('winners') }}\nwhere hors = ''\n",
  });
  const { exitCode, stdout } = await project.velo(['build']);
  expect(exitCode).toBe(1);
  expect(placesIn(stdout)).toEqual([
    'database-error models/clash.sql:1:14',
    'database-error models/misspelt.sql:2:3',
    'database-error tests/nobody.sql:2:7',
  ]);
  expect(stdout).toContain('Done. PASS=0 WARN=0 ERROR=3 SKIP=5 NO-OP=0 REUSED=0 TOTAL=8');
  expect(await project.relations()).toEqual([]);
  const { results } = project.readJson('target/run_results.json') as {
    results: { unique_id: string; status: string }[];
  };
  expect(results.map(({ unique_id, status }) => `${unique_id.split('.')[2]} ${status}`)).toEqual(
    expect.arrayContaining(['misspelt error', 'after_it skipped', 'runs skipped']),
  );
  // What was left out is done again, once it is right.
  project.write({
    'models/misspelt.sql': "select horse, pos as posn from {{ ref('runs') }}\n",
    'models/clash.sql': "select horse || pos as sum from {{ ref('runs') }}\n",
    'tests/nobody.sql': "select * from {{ ref('winners') }}\nwhere horse = ''\n",
  });
  const again = await project.velo(['retry']);
  expect([again.exitCode, /PASS=8 /.test(again.stdout)]).toEqual([0, true]);
});

it('is left out where it is not wanted, and done by other commands where it is', async () => {
  const project = makeProject({ ...SOUND, 'models/wrong.sql': 'select nothing as nothing\n' });
  const asDbt = 'PASS=4 WARN=0 ERROR=1 SKIP=0';
  const outcome = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { stdout } = await project.velo([...args, '--no-reuse'], {
      env,
    });
    return /PASS=\d+ WARN=\d+ ERROR=\d+ SKIP=\d+/.exec(stdout)?.[0];
  };
  expect(await outcome(['build'])).toBe('PASS=0 WARN=0 ERROR=1 SKIP=4');
  expect(await outcome(['build', '--no-check'])).toBe(asDbt);
  expect(await outcome(['build'], { VELO_CHECK: 'false' })).toBe(asDbt);
  expect(await outcome(['build', '--check'], { VELO_CHECK: 'false' })).toContain('PASS=0');
  expect(await outcome(['run'])).toBe('PASS=2 WARN=0 ERROR=1 SKIP=0');
  expect(await outcome(['run', '--check'])).toBe('PASS=0 WARN=0 ERROR=1 SKIP=2');
  project.write({ 'velo_project.yml': 'name: shop\nflags: {check: false}\n' });
  expect(await outcome(['build'])).toBe(asDbt);
});

it('lets run what cannot be known before there are rows', async () => {
  const project = makeProject({
    ...SOUND,
    'velo_project.yml': `name: shop
on-run-start: ['create or replace table main.by_hand as select 1 as one']
`,
    'macros/first.sql':
      '{% macro made() %}create or replace table hooked as select 2 as two{% endmacro %}',
    'models/of_hook.sql':
      "{{ config(pre_hook='{{ made() }}') }}\nselect one, two from by_hand, hooked\n",
    'models/by_name.sql': "-- depends_on: {{ ref('winners') }}\nselect horse from main.winners\n",
    'models/wide.sql':
      "{{ config(materialized='table') }}\npivot {{ ref('runs') }} on horse using max(pos)\n",
    'models/of_wide.sql': "select alice, bob from {{ ref('wide') }}\n",
    'models/asked.sql': `{% set horses = run_query('select distinct horse from ' ~ ref('runs') ~ ' order by 1') %}
select {% if execute %}{% for row in horses %}'{{ row[0] }}' as {{ row[0] }}{{ ',' if not loop.last }}{% endfor %}{% endif %}
`,
    'models/of_asked.sql': "select alice || bob as both from {{ ref('asked') }}\n",
    'models/of_file.sql': `{{ config(pre_hook="copy (select 3 as three) to 'three.csv'") }}
select three from 'three.csv'
`,
    'models/_sources.yml': 'sources: [{name: raw, schema: main, tables: [{name: by_hand}]}]\n',
    'models/of_source.sql': "select one from {{ source('raw', 'by_hand') }}\n",
    'snapshots/kept.sql': `{% snapshot kept %}
{{ config(unique_key='horse', strategy='check', check_cols='all') }}
select * from {{ ref('runs') }}
{% endsnapshot %}
`,
    'models/of_kept.sql': "select horse, dbt_valid_from from {{ ref('kept') }}\n",
  });
  const { exitCode, stdout } = await project.velo(['build', '--threads', '1']);
  expect([exitCode, placesIn(stdout)], stdout).toEqual([0, []]);
  // A wrong name beside them is still found.
  project.write({ 'models/wrong.sql': "select hors from {{ ref('winners') }}\n" });
  const wrong = await project.velo(['build', '-s', 'wrong', 'of_asked']);
  expect(placesIn(wrong.stdout)).toEqual(['database-error models/wrong.sql:1:8']);
});

it('reads what it does not build as it stands, and tables that grow with the columns they have', async () => {
  const project = makeProject({
    ...SOUND,
    'models/grown.sql': `{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
select horse, pos from {{ ref('runs') }}
`,
    'models/of_grown.sql': "select horse, pos from {{ ref('grown') }}\n",
  });
  expect((await project.velo(['build'])).exitCode).toBe(0);
  // The code has changed, its table has not: what reads it alone reads that.
  project.write({
    'models/winners.sql': "select horse, race_date from {{ ref('runs') }} where pos = 1\n",
    'models/named.sql': "select horse as name, pos from {{ ref('winners') }}\n",
    'models/grown.sql': `{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
select horse from {{ ref('runs') }}
`,
    'models/of_grown.sql': "select horse, pos as place from {{ ref('grown') }}\n",
  });
  expect((await project.velo(['check'])).exitCode).toBe(1);
  const alone = await project.velo(['build', '-s', 'named', 'grown+']);
  expect([alone.exitCode, placesIn(alone.stdout)], alone.stdout).toEqual([0, []]);
  const both = await project.velo(['build', '-s', 'winners', 'named', '--no-reuse']);
  expect(placesIn(both.stdout)).toEqual(['database-error models/named.sql:1:23']);
});

it('tells of an ephemeral model at its own line, once, and of templates as they run', async () => {
  const project = makeProject({
    ...SOUND,
    'models/inner_one.sql':
      "{{ config(materialized='ephemeral') }}\nselect horse,\n  nothing\nfrom {{ ref('winners') }}\n",
    'models/one.sql': "select horse from {{ ref('inner_one') }}\n",
    'models/two.sql': "select horse from {{ ref('one') }}\n",
  });
  const { exitCode, stdout } = await project.velo(['build']);
  expect(exitCode).toBe(1);
  expect(placesIn(stdout)).toEqual(['database-error models/inner_one.sql:3:3']);
  project.write({
    'models/inner_one.sql':
      "{{ config(materialized='ephemeral') }}\nselect horse from {{ ref('winners') }}\n",
    'models/one.sql': "{{ log('told', info=true) }}select horse from {{ ref('inner_one') }}\n",
  });
  const sound = await project.velo(['build']);
  expect(sound.stdout.match(/told/g)).toHaveLength(1);
});

it('check compares models with their contracts', async () => {
  const project = makeProject({
    ...SOUND,
    'models/_contracts.yml': `models:
  - name: named
    config: {contract: {enforced: true}}
    columns:
      - {name: name, data_type: integer}
`,
  });
  const { exitCode, stderr } = await project.velo(['check']);
  expect(exitCode).toBe(1);
  expect(placesIn(stderr)).toEqual(['contract-broken models/named.sql:1:1']);
});
