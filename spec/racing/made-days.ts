import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatInterval } from '../../src/core/grain.ts';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

/** Columns of one line of a file by name, as their text; what is not named is empty. */
export type Fields = Readonly<Record<string, string>>;

const RACE_COLUMNS = [
  ...['race_id', 'race_date', 'off_at', 'course', 'race_no', 'distance_m', 'surface', 'going'],
  ...['race_name', 'race_class', 'class_rating', 'is_handicap', 'prize'],
];
const RUNNER_COLUMNS = [
  ...['race_id', 'horse_id', 'jockey_id', 'trainer_id', 'draw', 'weight_lbs', 'rating', 'age'],
  ...['sex', 'position', 'odds', 'finish_time_s', 'n_sections', 'early_pos', 'mid_pos', 'late_pos'],
  ...['early_time_s', 'mid_time_s', 'finish_section_time_s'],
];

/** A turf race over 1200 m on good going, if `change` does not say otherwise. */
export const race = (race_id: string, race_date: string, change: Fields = {}): Fields => ({
  race_id,
  race_date,
  course: 'Made Park',
  race_no: '1',
  distance_m: '1200',
  surface: 'TURF',
  going: 'GOOD',
  is_handicap: 'false',
  ...change,
});

/** A horse with a jockey and a trainer of its own. */
export const runner = (
  race_id: string,
  horse_id: string,
  position: string,
  change: Fields = {},
): Fields => ({
  race_id,
  horse_id,
  jockey_id: `jockey of ${horse_id}`,
  trainer_id: `trainer of ${horse_id}`,
  position,
  ...change,
});

export interface Days {
  readonly races: readonly Fields[];
  readonly runners: readonly Fields[];
}

export interface RacingProject {
  readonly dir: string;
  readonly database: string;
  /** Lays other races under the project. */
  write(days: Days): void;
  /** Replaces a file of the project. */
  edit(path: string, text: string): void;
  build(asOf: string): Promise<RacingRun>;
  ask(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Rows as text: cells by spaces, `-` for NULL. */
  texts(sql: string): Promise<readonly string[]>;
  remove(): void;
}

export interface RacingRun {
  /** What failed, `node: message`. */
  readonly failed: readonly string[];
  readonly warned: readonly string[];
  /** The days each as-of model was built for, `first … last, first … last`. */
  readonly built: Readonly<Record<string, string>>;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** A copy of the racing project that reads hand-made races as CSV; the caller removes it. */
export function racingProject(days: Days): RacingProject {
  const dir = mkdtempSync(join(tmpdir(), 'velo-racing-'));
  for (const part of ['models', 'macros', 'seeds', 'tests', 'velo_project.yml']) {
    cpSync(join(ROOT, part), join(dir, part), { recursive: true });
  }
  const project: RacingProject = {
    dir,
    database: join(dir, 'target/velo.duckdb'),
    write({ races, runners }) {
      writeFileSync(join(dir, 'races.csv'), csv(RACE_COLUMNS, races));
      writeFileSync(join(dir, 'runners.csv'), csv(RUNNER_COLUMNS, runners));
    },
    edit: (path, text) => writeFileSync(join(dir, path), text),
    build: (asOf) => buildFiles(dir, asOf),
    ask: (sql) => query(project.database, sql),
    texts: async (sql) =>
      (await project.ask(sql)).map((row) => row.map((cell) => cell ?? '-').join(' ')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
  project.write(days);
  return project;
}

const csv = (columns: readonly string[], lines: readonly Fields[]): string =>
  `${[columns, ...lines.map((line) => columns.map((column) => line[column] ?? ''))]
    .map((cells) => cells.join(','))
    .join('\n')}\n`;

async function buildFiles(dir: string, asOf: string): Promise<RacingRun> {
  const vars = { source: 'files', data_path: dir, data_format: 'csv', begin: '2024-01-01' };
  const { result, plan } = await build(dir, {
    vars: JSON.stringify(vars),
    environment: {},
    asOf,
  });
  const named = (...statuses: readonly string[]) =>
    result.results
      .filter(({ status }) => statuses.includes(status))
      .map(({ node, message }) => `${node.replace(/^\w+\.\w+\./, '')}: ${message}`);
  const built = plan.steps
    .filter(({ batches }) => batches.length > 0)
    .map(({ node, batches }) => [
      node.replace(/^\w+\.\w+\./, ''),
      batches.map((range) => formatInterval(range, 'day')).join(', '),
    ]);
  return {
    failed: named('error', 'fail', 'skipped'),
    warned: named('warn'),
    built: Object.fromEntries(built),
  };
}
