import { raceResultsTables } from './race-results-tables.ts';
import { racingSchemaTables } from './racing-schema-tables.ts';
import type { DayRows } from './rows.ts';
import { rpscrapeTables } from './rpscrape-rows.ts';
import type { Tables } from './write-tables.ts';

/** The layouts of others that the days can be written in, by the name of their source system. */
export const LAYOUTS = {
  rpscrape: rpscrapeTables,
  racing_schema: racingSchemaTables,
  race_results: raceResultsTables,
} as const satisfies Readonly<Record<string, (days: readonly DayRows[]) => Tables>>;
