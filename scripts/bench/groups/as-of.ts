import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Group, ROOT, stepTimes, velo } from '../bench.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { inTurn, medianUsage } from '../run-process.ts';

const HK_DATA = join(ROOT, '..', 'shared', 'data', 'hk');
const HK = ['--vars', `{source: hk, data_path: ${JSON.stringify(HK_DATA)}}`];
const HK_LAST_DAY = '2025-12-31';

const TINY_DAYS = 1000;
const MODELS = 500;

/** Dates one by one and all at once, and plans over long ledgers. */
export const asOf: Group = {
  name: 'as-of',
  about: 'As-of models: set-based against day by day, the price of a batch, plans over ten years.',
  async measure(folder, tell) {
    return [
      ...(existsSync(HK_DATA) ? [await setAgainstDays(join(folder, 'hk'), tell)] : []),
      await tinyBatches(join(folder, 'tiny'), tell),
      ...(await longLedger(join(folder, 'long'), tell)),
    ];
  },
};

/** One backfill by one statement and by a statement a day, the step alone: a ratio of 0.05 is twenty times as fast. */
async function setAgainstDays(target: string, tell: (text: string) => void): Promise<Row> {
  tell('trainer_velocity day by day');
  const args = ['--target-path', target, '--as-of', HK_LAST_DAY, ...HK];
  const selected = ['--select', '+trainer_velocity', '--indirect-selection', 'cautious'];
  await velo('build', ...selected, ...args);
  const backfill = async (size: string) => {
    const command = ['run', '--full-refresh', '--select', 'trainer_velocity'];
    await velo(...command, '--batch-size', size, ...args);
    return (await stepTimes(target)).get('trainer_velocity') ?? Number.NaN;
  };
  const [sets = [], days = []] = await inTurn(2, [() => backfill('all'), () => backfill('1')]);
  return {
    name: 'trainer_velocity, every day of hk: one statement',
    runs: 2,
    wallMs: median(sets),
    against: { name: '--batch-size 1', wallMs: median(days) },
    target: { atMostRatio: 0.05 },
  };
}

const daysSql = `select unnest(generate_series({{ as_of.start }}, {{ as_of.end }} - interval 1 day, interval 1 day))::date as as_of_date`;

const asOfModel = (sql: string): string =>
  `{{ config(materialized='incremental', incremental_strategy='as_of', as_of='as_of_date', begin='2016-01-01') }}\n${sql}\n`;

async function writeProject(
  folder: string,
  models: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  await mkdir(join(folder, 'models'), { recursive: true });
  await writeFile(join(folder, 'velo_project.yml'), 'name: bench\n');
  for (const [name, sql] of models) await writeFile(join(folder, 'models', `${name}.sql`), sql);
  return ['--project-dir', folder, '--target-path', join(folder, 'target')];
}

/** Transaction, statement, ledger and commit of a batch that does nearly nothing. */
async function tinyBatches(folder: string, tell: (text: string) => void): Promise<Row> {
  tell(`${TINY_DAYS} batches of a tiny model`);
  const project = await writeProject(folder, new Map([['tiny', asOfModel(daysSql)]]));
  const lastDay = new Date(Date.UTC(2016, 0, TINY_DAYS)).toISOString().slice(0, 10);
  const command = ['run', '--full-refresh', '--batch-size', '1', '--as-of', lastDay, ...project];
  const perBatch = async () => {
    await velo(...command);
    const stepMs = (await stepTimes(join(folder, 'target'))).get('tiny') ?? Number.NaN;
    return stepMs / TINY_DAYS;
  };
  const [times = []] = await inTurn(3, [perBatch]);
  return {
    name: `a daily batch of a tiny model, of ${TINY_DAYS}`,
    runs: 3,
    wallMs: median(times),
    target: { atMostMs: 15 },
  };
}

/** Models that read each other, ten years of days each: what `velo plan` takes as a process. */
async function longLedger(folder: string, tell: (text: string) => void): Promise<Row[]> {
  tell(`${MODELS} models of ten years`);
  const models = new Map(
    Array.from({ length: MODELS }, (_, i) => {
      const days = `select as_of_date from {{ ref('m${Math.floor((i - 1) / 2)}', history='7 days') }} where as_of_date >= {{ as_of.start }} and as_of_date < {{ as_of.end }}`;
      return [`m${i}`, asOfModel(i === 0 ? daysSql : days)] as const;
    }),
  );
  const project = await writeProject(folder, models);
  await velo('run', '--as-of', '2025-12-30', ...project);
  const plan = (day: string) => () => velo('plan', '--as-of', day, ...project);
  const [idle = [], oneMore = []] = await inTurn(7, [plan('2025-12-30'), plan('2025-12-31')]);
  const target = { atMostMs: 300 };
  return [
    {
      name: `velo plan, ${MODELS} models × 10 years: nothing to do`,
      runs: 7,
      ...medianUsage(idle),
      target,
    },
    {
      name: `velo plan, ${MODELS} models × 10 years: one more day`,
      runs: 7,
      ...medianUsage(oneMore),
      target,
    },
  ];
}
