import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeProject, type TestProject } from '../velo.ts';
import { TOY } from './toy.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Results are known up to a day; `late` is what the runners' `x` of the last day is found to be afterwards. */
const FILES = {
  ...TOY,
  'macros/parity.sql': readFileSync(new URL('macros/parity.sql', ROOT), 'utf8'),
  'models/dataset.sql': `{{ config(materialized='table') }}
select race_date, race_id, horse, surface, noise,
  case when race_date = date '2024-04-09' and horse = 3 then x + {{ var('late', 0) }} else x end as x,
  case when race_date <= date '{{ var('results') }}' then won end as won
from {{ ref('races') }}
`,
  'models/win_model.sql': `{{ config(
  materialized='train', target='won', event_time='race_date', group_column='race_id',
  unique_key=['race_id', 'horse'], categorical=['surface'], rounds=10, normalise_within='race_id',
  split={'folds': 2, 'test': '25 days'}, retrain_after='30 days'
) }}
select * from {{ ref('dataset') }}
`,
  'models/signals.sql': `{{ config(
  materialized='score', model=ref('win_model'), unique_key=['race_date', 'race_id', 'horse'], event_time='race_date',
  keep=['served_row']
) }}
select card.*, {{ row_as_json('card') }} as served_row
from (select * exclude (won) from {{ ref('dataset') }} where won is null) as card
`,
  'models/_signals.yml': `models:
  - name: signals
    data_tests:
      - scored_as_trained:
          arguments: {trained: ref('dataset'), key: [race_date, race_id, horse], only: won is not null}
`,
};

const built = (project: TestProject, vars: string) => project.velo(['build', '--vars', vars]);

it('a row that was scored is the row that is learned from once its race is run, or the test names the column', async () => {
  const project = makeProject(FILES);
  const morning = await built(project, `{results: '2024-04-08'}`);
  expect([morning.exitCode, morning.stderr], morning.stdout).toEqual([0, '']);
  expect(await project.query('select count(*), min(race_date)::varchar from signals')).toEqual([
    ['40', '2024-04-09'],
  ]);
  const said = await project.query('select race_id, horse, p_win from signals order by 1, 2');
  // The results are in: the rows have a label, no race is left to score, and the scores stand.
  const evening = await built(project, `{results: '2024-04-09'}`);
  expect([evening.exitCode, evening.stderr], evening.stdout).toEqual([0, '']);
  expect(evening.stdout).toMatch(/PASS scored_as_trained/);
  expect(await project.query('select race_id, horse, p_win from signals order by 1, 2')).toEqual(
    said,
  );
  // A feature came late: what was served is not what is learned from now.
  const late = await built(project, `{results: '2024-04-09', late: 1}`);
  expect(late.exitCode).toBe(1);
  // One horse of each of the five races.
  expect(late.stdout).toMatch(/Got 5 results, configured to fail if != 0/);
  const [[table] = []] = await project.query(
    "select table_schema || '.' || table_name from information_schema.tables where table_schema like '%audit'",
  );
  expect(await project.query(`select distinct differing from ${String(table)}`)).toEqual([['x']]);
});
