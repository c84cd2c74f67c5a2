import { parseArgs } from 'node:util';
import type { WorldSettings } from './world.ts';

/** What `--help` prints. */
export const HELP = `Simulates horse racing: races, runners and prices.

usage: npm run simulate -- --out DIR [options]
       npm run simulate -- --sample

  --out DIR          folder to write to; made when it does not exist
  --runs N           declared runners in all, at least 500 a season (default 100000)
  --seasons N        calendar years, 1 to 50 (default 10)
  --last-season YYYY year the simulation ends with, 1970 to 2100 (default 2025)
  --seed N           whole number from 0 to 4294967295 (default 1)
  --format FORMAT    csv (default) or parquet: the sample's tables; rpscrape: results as
                     CSV of 37 columns; racing_schema, race_results: the tables of older
                     databases as CSV
  --sample           write the shipped seeds/sample_*.csv again
  --help             show this text
`;

const FORMATS = ['csv', 'parquet', 'rpscrape', 'racing_schema', 'race_results'] as const;

/** What the tables are written as. */
export type Format = (typeof FORMATS)[number];

/** A mistake in the arguments; the message is all the user needs. */
export class UsageError extends Error {}

/** What the arguments ask for. */
type Request =
  | { readonly task: 'help' }
  | { readonly task: 'sample' }
  | {
      readonly task: 'simulate';
      readonly settings: WorldSettings;
      readonly format: Format;
      readonly out: string;
    };

/** Reads the arguments after the script's name. Raises UsageError with a message of one line. */
export function readRequest(args: readonly string[]): Request {
  const values = parse(args);
  if (values.help === true) return { task: 'help' };
  return values.sample === true ? { task: 'sample' } : readSimulation(values);
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const number = { runs: text, seasons: text, 'last-season': text, seed: text };
  const options = { ...number, out: text, format: text, sample: flag, help: flag };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    // Node's message goes on, on the line or below it, about how to pass odd values.
    const [said] = String((error as Error).message).split(/\.\s/);
    throw new UsageError(`${said} (try --help)`);
  }
}

function readSimulation(values: ReturnType<typeof parse>): Request {
  const seasons = whole('seasons', values.seasons ?? '10', 1, 50);
  const lastSeason = whole('last-season', values['last-season'] ?? '2025', 1970, 2100);
  const runs = whole('runs', values.runs ?? '100000', 500 * seasons, 100_000_000);
  const seed = whole('seed', values.seed ?? '1', 0, 4294967295);
  const format = readFormat(values.format ?? 'csv');
  if (values.out === undefined) throw new UsageError('--out DIR is required (try --help)');
  const settings = { seed, seasons, runs, firstSeason: lastSeason - seasons + 1 };
  return { task: 'simulate', settings, format, out: values.out };
}

function readFormat(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new UsageError(`--format must be one of ${FORMATS.join(', ')}, not ${text} (try --help)`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} must be a whole number from ${least} to ${most}, not ${text} (try --help)`,
  );
}
