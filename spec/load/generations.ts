import { DuckDBInstance } from '@duckdb/node-api';
import { inDatabase } from '../postgres/database.ts';
import { makeTwoTargets, type TwoTargetProject } from '../postgres/push-project.ts';

/** Rows of each table; all of one generation. */
const ROWS = 20_000;

/** What a reader sees of a table: how many rows, of which generations. */
export const SEEN = (relation: string): string =>
  `select count(*), min(generation), max(generation), sum(id) from live.${relation}`;

/** 1 + … + ROWS. */
const ID_SUM = String((ROWS * (ROWS + 1)) / 2);

/** The generation of a row that SEEN gave; undefined when it is no whole generation. */
export function generationOf(row: readonly (string | null)[] | undefined): number | undefined {
  const [count, min, max, sum] = row ?? [];
  const isWhole = count === String(ROWS) && min === max && sum === ID_SUM;
  return isWhole ? Number(min) : undefined;
}

const model = (name: string): string =>
  `{{ config(materialized='table') }}
select id, {{ var('generation', 0) }} as generation, 'row ' || id as text
from ${name === 'built' ? `(select generate_series(1, ${ROWS}) as id) as ids` : `(select unnest(generate_series(1, ${ROWS})) as id) as ids`}
`;

/** Models `viewed` and `plain`, which are pushed, and `built`, which is built in `prod`. A view stands on the first and the last. */
export async function makeGenerations(): Promise<TwoTargetProject> {
  const made = await makeTwoTargets({
    'models/viewed.sql': model('viewed'),
    'models/plain.sql': model('plain'),
    'models/built.sql': model('built'),
    'models/models.yml': `models:
  - name: viewed
    columns:
      - {name: id, data_tests: [unique, not_null]}
  - name: built
    columns:
      - {name: id, data_tests: [unique, not_null]}
`,
  });
  const { project, database } = made;
  await succeed(project.velo(['run', '-s', 'viewed', 'plain']));
  await succeed(project.velo(PUSH));
  await succeed(project.velo(['run', '-s', 'built', '--target', 'prod']));
  await inDatabase(
    database,
    'create view live.view_of_viewed as select * from live.viewed',
    'create view live.view_of_built as select * from live.built',
  );
  return made;
}

export const PUSH = ['push', '-s', 'viewed', 'plain', '--to', 'prod', '--backups', '1'];

export async function succeed(
  running: Promise<{
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>,
): Promise<void> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}\n${stdout}\n${stderr}`);
}

/** Writes the next generation into the tables that are pushed. */
export async function setGeneration(
  { project }: TwoTargetProject,
  generation: number,
): Promise<void> {
  const instance = await DuckDBInstance.create(`${project.dir}/dev.duckdb`);
  const connection = await instance.connect();
  for (const name of ['viewed', 'plain']) {
    await connection.run(`update main.${name} set generation = ${generation}`);
  }
  connection.closeSync();
  instance.closeSync();
}
