import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll } from 'vitest';
import { type Files, openProject, type TestProject } from '../velo.ts';

/** 100 days of 5 races of 8 horses; the one with the best of `x` and luck wins, or the worst, from `upside_down_from` on. */
const RACES = `{{ config(materialized='table') }}
with runners as (
  select i, date '2024-01-01' + cast(i // 40 as integer) as race_date, i // 8 as race_id, i % 8 as horse,
    (hash(i) % 1000) / 1000.0 as x, (hash(i + 1) % 1000) / 1000.0 as noise,
    case when hash(i + 2) % 3 = 0 then 'turf' else 'dirt' end as surface, 2.0 + (hash(i + 3) % 100) / 10.0 as odds,
    (hash(i) % 1000) / 400.0 + (hash(i + 4) % 1000) / 1000.0 as performance
  from range({{ var('rows', 4000) }}) t(i)
)
select *, cast(row_number() over (
  partition by race_id order by performance * (case when race_date < date '{{ var('upside_down_from', '2030-01-01') }}' then 1 else -1 end) desc, i
) = 1 as integer) as won
from runners
`;

/** A train node over it; `more` goes into its config. */
export const winModel = (more = ''): string => `{{ config(
  materialized='train', target='won', event_time='race_date', group_column='race_id',
  unique_key=['race_id', 'horse'], price='odds', features={'exclude': ['i', 'performance']},
  categorical=['surface'], rounds=30, normalise_within='race_id', seed=7,
  split={'folds': 3, 'test': '25 days'}${more === '' ? '' : `, ${more}`}
) }}
select * from {{ ref('races') }}
`;

export const TOY: Files = {
  'models/races.sql': RACES,
  'models/win_model.sql': winModel(),
};

/** A project of several tests, one after the other; gone when they are done. */
export function sharedProject(files: Files): TestProject {
  const dir = mkdtempSync(join(tmpdir(), 'velo-e2e-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return openProject(dir, { 'velo_project.yml': 'name: shop\n', ...files });
}

/** Changes the database by a connection of the test's own; nothing else may hold it. */
export async function change(project: TestProject, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(project.database);
  try {
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Versions of the registry: number and stage. */
export const versionsOf = (project: TestProject) =>
  project.query('select version, stage from modeling.models order by version');
