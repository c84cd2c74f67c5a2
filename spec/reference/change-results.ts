import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { groupBy } from './group-by.ts';
import { readRows, withDatabase } from './load.ts';
import type { Day, Row, Value } from './run.ts';

/** What the runners of a race swap. Seconds also grow, so that no time stays as it was. */
const OUTCOMES = [
  'position',
  'odds',
  'finish_time_s',
  'n_sections',
  'early_pos',
  'mid_pos',
  'late_pos',
  'early_time_s',
  'mid_time_s',
  'finish_section_time_s',
] as const;
const SLOWER_BY_S = 0.37;

/**
 * Rewrites `sample_runners.csv` in a seeds folder: in each race on or after the day the first
 * swaps its whole outcome with the last, the second with the last but one and so on. Results stay
 * plausible (the same book, a winner, times in order), so that the project's own tests still pass.
 */
export async function changeResultsFrom(seedsDir: string, from: Day): Promise<void> {
  const path = join(seedsDir, 'sample_runners.csv');
  const { runners, laterRaces } = await readSeeds(seedsDir, path, from);
  const changed = new Map<Row, Row>();
  for (const [raceId, race] of groupBy(runners, (row) => String(row['race_id']))) {
    if (laterRaces.has(raceId)) reverseOutcomes(race, changed);
  }
  await writeFile(path, csvText(runners.map((row) => changed.get(row) ?? row)));
}

async function readSeeds(seedsDir: string, runnersPath: string, from: Day) {
  return withDatabase(null, async (connection) => {
    const seed = (path: string) => `read_csv('${path}', header = true, all_varchar = true)`;
    const races = await readRows(
      connection,
      `select race_id from ${seed(join(seedsDir, 'sample_races.csv'))}
       where race_date::date >= date '1970-01-01' + ${from}`,
    );
    const runners = await readRows(connection, `select * from ${seed(runnersPath)}`);
    return { runners, laterRaces: new Set(races.map((row) => String(row['race_id']))) };
  });
}

function reverseOutcomes(race: readonly Row[], changed: Map<Row, Row>): void {
  const inOrder = race
    .filter((row) => row['position'] !== null && row['position'] !== 'WD')
    .sort((left, right) => rank(left) - rank(right));
  inOrder.forEach((row, index) => {
    const other = inOrder[inOrder.length - 1 - index] ?? row;
    const outcome: Record<string, Value> = {};
    for (const column of OUTCOMES) outcome[column] = slower(column, other[column] ?? null);
    changed.set(row, { ...row, ...outcome });
  });
}

/** Finishers by position, the others behind them. */
function rank(row: Row): number {
  const position = Number.parseInt(String(row['position']), 10);
  return Number.isNaN(position) ? Number.MAX_SAFE_INTEGER : position;
}

function slower(column: string, value: Value): Value {
  if (value === null || !column.endsWith('_s')) return value;
  return (Number(value) + SLOWER_BY_S).toFixed(2);
}

function csvText(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => csvField(row[column] ?? null)).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function csvField(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
