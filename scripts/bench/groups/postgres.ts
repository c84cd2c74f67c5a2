import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { type ServerAddress, serverIn, stopServerIn } from '../../../spec/postgres/server.ts';
import { type Group, stepTimes, velo } from '../bench.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { inTurn } from '../run-process.ts';

const RUNS = 3;
const RUNNERS = 1_000_000;
const FEW = 100;
const MANY = 500;

/** What velo adds to the statements it sends to a Postgres of this machine. */
export const postgres: Group = {
  name: 'postgres',
  about: `A backfill of ten years by one statement, over a table of ${RUNNERS.toLocaleString('en-US')} rows, against that statement alone (create table as); and what a view that does nothing costs, from a project of ${FEW} and one of ${MANY}, against the statements alone. A Postgres on this machine that does not wait for its disk.`,
  async measure(folder, tell) {
    const home = join(folder, 'server');
    await mkdir(home);
    // The server runs as another user where this one is root.
    await chmod(folder, 0o755);
    const server = await serverIn(home);
    const client = new pg.Client({ ...server, database: 'postgres' });
    try {
      await client.connect();
      await client.query('create schema live');
      return [
        await backfill(join(folder, 'backfill'), server, client, tell),
        await idleNodes(folder, server, client, tell),
      ];
    } finally {
      await client.end();
      await stopServerIn(home);
    }
  },
};

const SOURCE = `create table live.runs as
select 'trainer_' || (i::bigint * 7919 % 2000) as trainer, date '2015-01-01' + (i % 3650) as race_date,
  case when i::bigint * 104729 % 11 = 0 then 1 else 0 end as won
from generate_series(1, ${RUNNERS}) as t(i)`;

const MODEL = `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2015-01-01',
  unique_key=['trainer', 'as_of_date'], separable='assume') }}
select trainer, race_date as as_of_date,
  sum(runs) over past as runs_90d, sum(wins) over past as wins_90d
from (
  select trainer, race_date, count(*) as runs, sum(won) as wins
  from {{ source('live', 'runs') }} as runs where race_date < {{ as_of.end }}
  group by trainer, race_date
) as days
window past as (
  partition by trainer order by race_date range between interval '90 days' preceding and interval '1 day' preceding
)
`;

async function writeProject(
  folder: string,
  { host, port, user, password }: ServerAddress,
  models: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  await mkdir(join(folder, 'models'), { recursive: true });
  const files = {
    'velo_project.yml': 'name: bench\nprofile: bench\n',
    'profiles.yml': `bench:
  target: prod
  outputs:
    prod: {type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${password}, dbname: postgres, schema: main, threads: 2}
`,
    ...models,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return ['--project-dir', folder, '--profiles-dir', folder];
}

/** Milliseconds of statements in a session of their own. */
async function timeOf(client: pg.Client, statements: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  for (const sql of statements) await client.query(sql);
  return performance.now() - startedAt;
}

async function backfill(
  folder: string,
  server: ServerAddress,
  client: pg.Client,
  tell: (text: string) => void,
): Promise<Row> {
  tell('a backfill of ten years');
  await client.query(SOURCE);
  await client.query('analyze live.runs');
  const project = await writeProject(folder, server, {
    'models/velocity.sql': MODEL,
    'models/sources.yml': 'sources:\n  - name: live\n    tables: [{name: runs}]\n',
  });
  const range = ['--as-of', '2024-12-31', ...project];
  await velo('compile', '-s', 'velocity', ...range);
  const file = join(folder, 'target', 'compiled', 'bench', 'models', 'velocity.sql');
  const sql = await readFile(file, 'utf8');
  const ours = async () => {
    await velo('run', '--full-refresh', ...range);
    return (await stepTimes(join(folder, 'target'))).get('velocity') ?? Number.NaN;
  };
  const bare = async () => {
    await client.query('drop table if exists main.bare');
    return timeOf(client, ['begin', `create table main.bare as ${sql}`, 'commit']);
  };
  const [steps = [], statements = []] = await inTurn(RUNS, [ours, bare]);
  return {
    name: 'every day of ten years: the step',
    runs: RUNS,
    wallMs: median(steps),
    against: { name: 'create table as', wallMs: median(statements) },
    target: { atMostRatio: 1.15 },
  };
}

/** The difference of two projects, so that the start of the process is in neither. */
async function idleNodes(
  folder: string,
  server: ServerAddress,
  client: pg.Client,
  tell: (text: string) => void,
): Promise<Row> {
  tell(`views that do nothing: ${FEW} and ${MANY}`);
  const projectOf = (count: number) => {
    const models = Array.from({ length: count }, (_, i) => [
      `models/v${count}_${i}.sql`,
      'select 1 as x\n',
    ]);
    return writeProject(join(folder, `views_${count}`), server, Object.fromEntries(models));
  };
  const [few, many] = [await projectOf(FEW), await projectOf(MANY)];
  const run = (project: readonly string[]) => async () =>
    (await velo('run', '--full-refresh', ...project)).wallMs;
  const bare = () => {
    const views = Array.from({ length: MANY - FEW }, (_, i) => [
      'begin',
      `create or replace view main.bare_${i} as select 1 as x`,
      'commit',
    ]);
    return timeOf(client, views.flat());
  };
  await inTurn(1, [run(few), run(many)]);
  const [fewMs = [], manyMs = [], bareMs = []] = await inTurn(RUNS, [run(few), run(many), bare]);
  const perNode = (median(manyMs) - median(fewMs)) / (MANY - FEW);
  return {
    name: 'a view that does nothing, of 500',
    runs: RUNS,
    wallMs: perNode,
    against: { name: 'its statements', wallMs: median(bareMs) / (MANY - FEW) },
    target: { atMostMs: 5 },
  };
}
