import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvText, type Fields } from './csv-text.ts';
import type { DayRows } from './rows.ts';
import type { Counts } from './write-csv.ts';

/** A table of a database layout; its columns in the order of the file. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Fields[];
}

/** Tables by name. */
export type Tables = Readonly<Record<string, Table>>;

/** Writes each table of a layout as `<name>.csv` into `folder`, which must exist. */
export async function writeTables(
  days: Iterable<DayRows>,
  folder: string,
  tablesOf: (days: readonly DayRows[]) => Tables,
): Promise<Counts> {
  const all = [...days];
  for (const [name, { columns, rows }] of Object.entries(tablesOf(all))) {
    await writeFile(join(folder, `${name}.csv`), csvText(columns, rows));
  }
  const sum = (table: 'races' | 'runners') => all.reduce((n, day) => n + day[table].length, 0);
  return { races: sum('races'), runners: sum('runners'), prices: 0 };
}
