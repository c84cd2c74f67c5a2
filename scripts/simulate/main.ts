import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HELP, readRequest, UsageError } from './arguments.ts';
import type { DayRows } from './rows.ts';
import { SAMPLE, samplePaths } from './sample.ts';
import { simulate } from './simulate.ts';
import { type Counts, csvPaths, writeCsv } from './write-csv.ts';
import { writeParquet } from './write-parquet.ts';
import { writeRpscrape } from './write-rpscrape.ts';

const WRITERS = {
  csv: (days: Iterable<DayRows>, out: string) => writeCsv(days, csvPaths(out)),
  parquet: writeParquet,
  rpscrape: writeRpscrape,
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
    report(await WRITERS[format](simulate(settings), out), out);
  }
}

function report(counts: Counts, folder: string): void {
  const { races, runners, prices } = counts;
  process.stdout.write(
    `${races} races, ${runners} runners, ${prices} prices written to ${folder}\n`,
  );
}
