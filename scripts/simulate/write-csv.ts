import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DayRows, PRICE_COLUMNS, RACE_COLUMNS, RUNNER_COLUMNS } from './rows.ts';

/** Where the three tables are written. */
export interface CsvPaths {
  readonly races: string;
  readonly runners: string;
  readonly prices: string;
}

/** `races.csv`, `runners.csv` and `prices.csv` in a folder, or with a prefix before the name. */
export function csvPaths(folder: string, prefix = ''): CsvPaths {
  const path = (table: string) => join(folder, `${prefix}${table}.csv`);
  return { races: path('races'), runners: path('runners'), prices: path('prices') };
}

/** Rows written to each table. */
export interface Counts {
  readonly races: number;
  readonly runners: number;
  readonly prices: number;
}

/** The header line of each table, with its line end. */
export const HEADERS = {
  races: header(RACE_COLUMNS),
  runners: header(RUNNER_COLUMNS),
  prices: header(PRICE_COLUMNS),
};

/** The lines of one day; no simulated text needs quoting. */
export function csvLines(day: DayRows): { races: string; runners: string; prices: string } {
  return {
    races: lines(day.races, RACE_COLUMNS),
    runners: lines(day.runners, RUNNER_COLUMNS),
    prices: lines(day.prices, PRICE_COLUMNS),
  };
}

/** Streams the days to three CSV files, holding one day in memory. */
export async function writeCsv(days: Iterable<DayRows>, paths: CsvPaths): Promise<Counts> {
  const files = {
    races: open(paths.races, HEADERS.races),
    runners: open(paths.runners, HEADERS.runners),
    prices: open(paths.prices, HEADERS.prices),
  };
  const counts = { races: 0, runners: 0, prices: 0 };
  for (const day of days) {
    const text = csvLines(day);
    for (const table of ['races', 'runners', 'prices'] as const) {
      counts[table] += day[table].length;
      await write(files[table], text[table]);
    }
  }
  await Promise.all(Object.values(files).map(close));
  return counts;
}

function header(columns: object): string {
  return `${Object.keys(columns).join(',')}\n`;
}

function lines<Row extends object>(rows: readonly Row[], columns: Record<keyof Row, string>) {
  const names = Object.keys(columns) as (keyof Row)[];
  return rows.map((row) => `${names.map((name) => row[name] ?? '').join(',')}\n`).join('');
}

function open(path: string, firstLine: string): WriteStream {
  const file = createWriteStream(path);
  file.write(firstLine);
  return file;
}

async function write(file: WriteStream, text: string): Promise<void> {
  if (!file.write(text)) await once(file, 'drain');
}

async function close(file: WriteStream): Promise<void> {
  file.end();
  await finished(file);
}
