import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { SMALL } from '../../scripts/simulate/sample.ts';
import { simulate } from '../../scripts/simulate/simulate.ts';
import { csvPaths, writeCsv } from '../../scripts/simulate/write-csv.ts';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';
import { copyOfProject } from './project-copy.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HK = resolve(ROOT, '../shared/data/hk');
const LABELS = ['won', 'placed', 'value'];
const MINUTES = 60_000;

/** What was served, as docs/guides/racing.md keeps it: rows of races without a result are written anew with each build. */
const SERVED_ROWS = `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['race_id']) }}
select * from {{ ref('race_card') }}
`;
const SERVED_YAML = `models:
  - name: training_dataset_served
    description: "Training rows beside what was served for them."
    data_tests:
      - train_serve_parity:
          arguments: {served: ref('served_rows'), key: [race_id, horse_id, as_of_date]}
`;
const COMPARED = `select * from {{ ref('training_dataset') }}\n`;

/** A copy of the racing project that keeps what it served. */
function projectThatServes(): string {
  const project = copyOfProject();
  writeFileSync(join(project, 'models/marts/served_rows.sql'), SERVED_ROWS);
  writeFileSync(join(project, 'models/marts/training_dataset_served.sql'), COMPARED);
  writeFileSync(join(project, 'models/marts/_served.yml'), SERVED_YAML);
  return project;
}

interface Built {
  readonly statuses: Readonly<Record<string, string>>;
  readonly ask: (sql: string) => ReturnType<typeof query>;
}

async function buildAsOf(
  project: string,
  vars: Readonly<Record<string, string>>,
  asOf: string,
): Promise<Built> {
  const targetPath = join(project, 'target');
  const { result, statuses } = await build(project, {
    vars: JSON.stringify(vars),
    targetPath,
    environment: {},
    asOf,
  });
  const broken = result.results.filter(({ status }) => status === 'error');
  expect(broken.map(({ message }) => message)).toEqual([]);
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return { statuses, ask: (sql) => query(join(targetPath, file), sql) };
}

/** Rows of a day by column, in the order of race and horse. */
async function rowsOf({ ask }: Built, table: string, day: string) {
  const columns = (await ask(`select column_name from (describe ${table})`)).map(([name]) =>
    String(name),
  );
  const rows = await ask(
    `select * from ${table} where as_of_date = '${day}' order by race_id, horse_id`,
  );
  return new Map(columns.map((name, index) => [name, rows.map((row) => row[index])]));
}

/** Every column of the day's card is the training row's, and the labels have come. */
function expectParity(
  served: ReadonlyMap<string, readonly unknown[]>,
  trained: ReadonlyMap<string, readonly unknown[]>,
): void {
  expect([...trained.keys()].filter((name) => !served.has(name))).toEqual(LABELS);
  const differing = [...served].filter(
    ([name, values]) => JSON.stringify(values) !== JSON.stringify(trained.get(name)),
  );
  expect(differing.map(([name]) => name)).toEqual([]);
  expect(trained.get('won')).not.toContain(null);
}

const parityOf = ({ statuses }: Built) =>
  Object.entries(statuses).find(([name]) => name.startsWith('train_serve_parity_'))?.[1];

async function inDuckdb(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

test(
  'simulated racing: the row served in the morning is the row trained on in the evening',
  async () => {
    const project = projectThatServes();
    const [whole, files] = [join(project, 'whole'), join(project, 'files')];
    for (const folder of [whole, files]) mkdirSync(folder);
    await writeCsv(simulate(SMALL), csvPaths(whole));
    const [results, races] = [csvPaths(whole).runners, csvPaths(whole).races];
    const day = '2025-12-13';
    const dayOf = `(select race_date from '${races}' as r where r.race_id = runners.race_id)`;
    const outcomes =
      'finish_time_s n_sections early_pos mid_pos late_pos early_time_s mid_time_s finish_section_time_s odds';
    const cut = (after: string, going: string) => [
      `copy (
        select * replace (case when race_date::varchar = '${day}' then ${going} else going end as going)
        from read_csv('${races}', all_varchar = true) where race_date <= '${day}'
      ) to '${csvPaths(files).races}'`,
      `copy (
        select * replace (
          case when position = 'WD' or ${dayOf}::varchar < '${after}' then position end as position,
          ${outcomes
            .split(' ')
            .map((name) => `case when ${dayOf}::varchar < '${after}' then ${name} end as ${name}`)
            .join(', ')}
        )
        from read_csv('${results}', all_varchar = true) as runners where ${dayOf}::varchar <= '${day}'
      ) to '${csvPaths(files).runners}'`,
    ];
    const vars = { source: 'files', data_path: files, data_format: 'csv', begin: '2025-01-01' };
    await inDuckdb(...cut(day, 'going'));
    const morning = await buildAsOf(project, vars, day);
    const served = await rowsOf(morning, 'race_card', day);
    expect(served.get('horse_id')?.length).toBeGreaterThan(10);
    await inDuckdb(...cut('2025-12-14', 'going'));
    const evening = await buildAsOf(project, vars, day);
    expectParity(served, await rowsOf(evening, 'training_dataset', day));
    expect([parityOf(morning), parityOf(evening)]).toEqual(['pass', 'pass']);
    // The ground is another one than was said in the morning: what was served is not what would be trained on.
    await inDuckdb(...cut('2025-12-14', "'HEAVY'"));
    const corrected = await buildAsOf(project, vars, day);
    expect(parityOf(corrected)).toBe('fail');
  },
  5 * MINUTES,
);

test(
  'Hong Kong: a race day cut to its card',
  async ({ skip }) => {
    skip(
      !existsSync(HK),
      `${HK} is absent: the recorded results of Hong Kong are not in the repository`,
    );
    const project = projectThatServes();
    const [files, day] = [join(project, 'files'), '2025-07-05'];
    mkdirSync(files);
    const outcome = (name: string) =>
      `case when race_date < date '${day}' then ${name} end as ${name}`;
    const names = [
      'place',
      'finish_time_s',
      'win_odds',
      'running_position',
      'race_split_times',
      'race_sectionals',
      ...[1, 2, 3, 4, 5, 6].flatMap((n) => [`sec${n}_s`, `sec${n}_pos`, `sec${n}_margin`]),
    ];
    const rows = (columns: string) =>
      `copy (select * ${columns} from '${HK}/runs.parquet' where race_date <= date '${day}') to '${files}/runs.parquet'`;
    const vars = { source: 'hk', data_path: files, begin: '2025-06-01' };
    const card = `case when race_date < date '${day}' or place_raw like 'W%' then place_raw end as place_raw`;
    await inDuckdb(rows(`replace (${[card, ...names.map(outcome)].join(', ')})`));
    const morning = await buildAsOf(project, vars, day);
    const served = await rowsOf(morning, 'race_card', day);
    expect(served.get('horse_id')?.length).toBeGreaterThan(100);
    await inDuckdb(rows(''));
    const evening = await buildAsOf(project, vars, day);
    expectParity(served, await rowsOf(evening, 'training_dataset', day));
    expect([parityOf(morning), parityOf(evening)]).toEqual(['pass', 'pass']);
  },
  5 * MINUTES,
);
