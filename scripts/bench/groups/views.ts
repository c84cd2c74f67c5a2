import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Group, velo } from '../bench.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { inTurn, medianUsage } from '../run-process.ts';

const RUNS = 5;
const [FEW, MANY, LARGE] = [100, 500, 10_000];

/** What the engine adds to statements that do nothing. */
export const views: Group = {
  name: 'views',
  about: `What a view that does nothing costs in DuckDB, from a project of ${FEW} and one of ${MANY}, against the statements alone; and a run of one node of a project of ${LARGE.toLocaleString('en-US')}, read before.`,
  async measure(folder, tell) {
    tell(`views that do nothing: ${FEW} and ${MANY}, ${RUNS} runs`);
    const each = await eachView(folder);
    tell(`one of ${LARGE} nodes, ${RUNS} runs`);
    return [each, await oneOfMany(folder)];
  },
};

/** The difference of two projects, so that the start of the process is in neither. */
async function eachView(folder: string): Promise<Row> {
  const [few, many] = [await writeViews(folder, FEW), await writeViews(folder, MANY)];
  const run = (project: readonly string[]) => async () =>
    (await velo('run', '--no-reuse', ...project)).wallMs;
  const bare = () => timeOfStatements(join(folder, 'bare.duckdb'));
  await inTurn(1, [run(few), run(many)]);
  const [fewMs = [], manyMs = [], bareMs = []] = await inTurn(RUNS, [run(few), run(many), bare]);
  return {
    name: `a view that does nothing, of ${MANY}`,
    runs: RUNS,
    wallMs: (median(manyMs) - median(fewMs)) / (MANY - FEW),
    against: { name: 'its statements', wallMs: median(bareMs) / (MANY - FEW) },
    target: { atMostMs: 5 },
  };
}

async function oneOfMany(folder: string): Promise<Row> {
  const project = await writeViews(folder, LARGE);
  await velo('parse', ...project);
  const run = () => velo('run', '--no-reuse', '-s', 'v7', ...project);
  await run();
  const [usage = []] = await inTurn(RUNS, [run]);
  const name = `one of ${LARGE.toLocaleString('en-US')} nodes`;
  return { name, runs: RUNS, ...medianUsage(usage), target: { atMostMs: 600 } };
}

async function writeViews(folder: string, count: number): Promise<readonly string[]> {
  const project = join(folder, `views_${count}`);
  await mkdir(join(project, 'models'), { recursive: true });
  await writeFile(join(project, 'velo_project.yml'), 'name: bench\n');
  for (let i = 0; i < count; i += 1) {
    await writeFile(join(project, `models/v${i}.sql`), `select ${i} as x\n`);
  }
  return ['--project-dir', project];
}

/** As velo makes them: each published by itself. */
async function timeOfStatements(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const startedAt = performance.now();
  for (let i = 0; i < MANY - FEW; i += 1) {
    await connection.run('begin');
    await connection.run(`create or replace view main.bare_${i} as select ${i} as x`);
    await connection.run('commit');
  }
  const elapsedMs = performance.now() - startedAt;
  connection.closeSync();
  instance.closeSync();
  return elapsedMs;
}
