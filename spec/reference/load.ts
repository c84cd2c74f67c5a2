import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  type DuckDBValue,
} from '@duckdb/node-api';
import { canonicalRuns } from './canonical-runs.ts';
import { type HkRow, hkEntries } from './hk-entries.ts';
import type { Entry, Row, Run, Value } from './run.ts';
import {
  type GoingWord,
  type SampleRace,
  type SampleRunner,
  sampleEntries,
} from './sample-entries.ts';

const SECTIONS = [1, 2, 3, 4, 5, 6] as const;
const POSITIONS = SECTIONS.map((section) => `sec${section}_pos`);
const SECONDS = SECTIONS.map((section) => `sec${section}_s`);

/** Opens an existing database file for reading, or an empty one in memory, and always closes it. */
export async function withDatabase<T>(
  databasePath: string | null,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = databasePath
    ? await DuckDBInstance.create(databasePath, { access_mode: 'READ_ONLY' })
    : await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * The rows of a query. Integers become numbers, dates days since 1970-01-01, timestamps and
 * other types their text.
 */
export async function readRows(connection: DuckDBConnection, sql: string): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjects().map((row) => {
    const plain: Record<string, Value> = {};
    for (const [column, value] of Object.entries(row)) plain[column] = plainValue(value);
    return plain;
  });
}

function plainValue(value: DuckDBValue): Value {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  return String(value);
}

/** The canonical runs of a Hong Kong parquet file. */
export async function loadHkRuns(parquetPath: string): Promise<readonly Run[]> {
  return withDatabase(null, async (connection) => {
    const columns = [...HK_COLUMNS, ...POSITIONS, ...SECONDS].join(', ');
    const from = `read_parquet(${literal(parquetPath)})`;
    const rows = await readRows(connection, `select ${columns} from ${from}`);
    return canonicalRuns(hkEntries(rows.map(hkRow)));
  });
}

// The file's column types are the contract; only the section columns change shape.
function hkRow(row: Row): HkRow {
  const columns: Record<string, unknown> = {};
  for (const column of HK_COLUMNS) columns[column] = row[column];
  columns['section_pos'] = POSITIONS.map((column) => row[column]);
  columns['section_s'] = SECONDS.map((column) => row[column]);
  return columns as unknown as HkRow;
}

const HK_COLUMNS = [
  'race_id',
  'race_date',
  'venue',
  'race_no',
  'distance_m',
  'surface',
  'going',
  'race_name_zh',
  'race_class_zh',
  'prize_hkd',
  'horse_code',
  'jockey_zh',
  'trainer_zh',
  'draw',
  'actual_wt_lbs',
  'horse_rating',
  'place_raw',
  'win_odds',
  'finish_time_s',
] as const satisfies readonly (keyof HkRow)[];

/** The canonical runs of the sample seeds of a project. */
export async function loadSampleRuns(projectDir: string): Promise<readonly Run[]> {
  return withDatabase(null, async (connection) => {
    const seed = (name: string, columns: string) =>
      readRows(connection, `select * from ${csv(join(projectDir, 'seeds', name), columns)}`);
    const races = await seed('sample_races.csv', RACE_COLUMNS);
    const runners = await seed('sample_runners.csv', RUNNER_COLUMNS);
    const goings = await seed('going_group.csv', GOING_COLUMNS);
    return canonicalRuns(
      sampleEntries(
        races.map((row) => omit(row, ['off_at', 'prize'])) as unknown as SampleRace[],
        runners.map((row) => omit(row, ['age', 'sex'])) as unknown as SampleRunner[],
        goings as unknown as GoingWord[],
      ),
    );
  });
}

/**
 * The canonical runs of a source's staging view in a built warehouse: for sources whose files take more reading than
 * loops should repeat; that the view is right is tested against the files by itself.
 */
export async function loadStagedRuns(databasePath: string, view: string): Promise<readonly Run[]> {
  return withDatabase(databasePath, async (connection) => {
    const rows = await readRows(connection, `select ${STAGED_COLUMNS.join(', ')} from ${view}`);
    return canonicalRuns(rows as unknown as readonly Entry[]);
  });
}

const STAGED_COLUMNS = [
  'race_id',
  'race_date',
  'course',
  'race_no',
  'distance_m',
  'surface',
  'going',
  'going_group',
  'race_name',
  'class_raw',
  'class_rating',
  'is_handicap',
  'horse_id',
  'jockey_id',
  'trainer_id',
  'draw',
  'weight_lbs',
  'rating',
  'pos_raw',
  'status',
  'pos_num',
  'odds',
  'finish_time_s',
  'n_sections',
  'early_pos',
  'mid_pos',
  'late_pos',
  'early_time_s',
  'mid_time_s',
  'finish_section_time_s',
] as const satisfies readonly (keyof Entry)[];

function omit(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));
}

const RACE_COLUMNS = `race_id VARCHAR, race_date DATE, off_at VARCHAR, course VARCHAR,
  race_no INTEGER, distance_m INTEGER, surface VARCHAR, going VARCHAR, race_name VARCHAR,
  race_class VARCHAR, class_rating INTEGER, is_handicap BOOLEAN, prize DOUBLE`;

const RUNNER_COLUMNS = `race_id VARCHAR, horse_id VARCHAR, jockey_id VARCHAR, trainer_id VARCHAR,
  draw INTEGER, weight_lbs DOUBLE, rating INTEGER, age INTEGER, sex VARCHAR, position VARCHAR,
  odds DOUBLE, finish_time_s DOUBLE, n_sections INTEGER, early_pos INTEGER, mid_pos INTEGER,
  late_pos INTEGER, early_time_s DOUBLE, mid_time_s DOUBLE, finish_section_time_s DOUBLE`;

const GOING_COLUMNS = 'surface VARCHAR, going VARCHAR, going_group VARCHAR';

/** A CSV file as a table; columns are by position and an empty field is NULL. */
function csv(path: string, columns: string): string {
  const types = columns.split(',').map((column) => {
    const [name, type] = column.trim().split(' ');
    return `${name}: '${type}'`;
  });
  return `read_csv(${literal(path)}, header = true, columns = {${types.join(', ')}})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
