import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Format, HELP, readRequest, UsageError } from './arguments.ts';
import { LAYOUTS } from './layouts.ts';
import type { DayRows } from './rows.ts';
import { SAMPLE, samplePaths } from './sample.ts';
import { simulate } from './simulate.ts';
import { type Counts, csvPaths, writeCsv } from './write-csv.ts';
import { writeParquet } from './write-parquet.ts';
import { writeTables } from './write-tables.ts';

/** Writes the days into a folder. */
const write = (format: Format, days: Iterable<DayRows>, out: string): Promise<Counts> => {
  if (format === 'csv') return writeCsv(days, csvPaths(out));
  return format === 'parquet' ? writeParquet(days, out) : writeTables(days, out, LAYOUTS[format]);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`simulate: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(args: readonly string[]): Promise<void> {
  const request = readRequest(args);
  if (request.task === 'help') {
    process.stdout.write(HELP);
  } else if (request.task === 'sample') {
    const seeds = fileURLToPath(new URL('../../seeds', import.meta.url));
    report(await writeCsv(simulate(SAMPLE), samplePaths(seeds)), seeds);
  } else {
    const { settings, format, out } = request;
    await mkdir(out, { recursive: true });
    report(await write(format, simulate(settings), out), out);
  }
}

function report(counts: Counts, folder: string): void {
  const { races, runners, prices } = counts;
  process.stdout.write(
    `${races} races, ${runners} runners, ${prices} prices written to ${folder}\n`,
  );
}
