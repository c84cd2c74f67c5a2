import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DayRows } from './rows.ts';
import { RPSCRAPE_COLUMNS, rpscrapeRows } from './rpscrape-rows.ts';
import type { Counts } from './write-csv.ts';

/** The days as one CSV text in the layout of 37 columns; texts with commas are quoted. */
export function rpscrapeText(days: Iterable<DayRows>): string {
  const lines = [RPSCRAPE_COLUMNS.join(',')];
  for (const day of days) {
    for (const row of rpscrapeRows(day)) {
      lines.push(RPSCRAPE_COLUMNS.map((column) => field(row[column])).join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Writes `results.csv` into `folder`, which must exist. The layout has no price snapshots. */
export async function writeRpscrape(days: Iterable<DayRows>, folder: string): Promise<Counts> {
  const all = [...days];
  await writeFile(join(folder, 'results.csv'), rpscrapeText(all));
  const sum = (table: 'races' | 'runners') => all.reduce((n, day) => n + day[table].length, 0);
  return { races: sum('races'), runners: sum('runners'), prices: 0 };
}

function field(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return text.includes(',') ? `"${text}"` : text;
}
