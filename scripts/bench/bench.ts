import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row } from './row.ts';
import { runNode, type Usage } from './run-process.ts';

/** The repository's root, the racing project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'dist', 'cli', 'bin.js');
const BARE = fileURLToPath(new URL('./bare-duckdb.mjs', import.meta.url));

/** Rows measured together; the name is a heading of the results and an argument of `npm run bench`. */
export interface Group {
  readonly name: string;
  /** What the rows share, in a sentence or two. */
  readonly about: string;
  /** `folder`: empty, removed afterwards. Resolves to a text when it cannot be measured here, which says why. */
  measure(folder: string, tell: (text: string) => void): Promise<readonly Row[] | string>;
}

/** Gives `work` a new folder under `parent` and removes it afterwards. */
export async function withFolder<T>(
  parent: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, 'velo-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `velo` on the racing project. */
export function velo(...args: readonly string[]) {
  return runNode([BIN, ...args], ROOT);
}

/** Runs `velo` and makes sure that there was nothing to build: what is measured is what the row says. */
export async function veloIdle(...args: readonly string[]): Promise<Usage> {
  const usage = await velo(...args);
  if (/nothing to do/i.test(usage.stdout)) return usage;
  throw new Error(`velo ${args.join(' ')} found something to do`);
}

/** How long each node of the last run in a target folder took, by its name, in milliseconds. */
export async function stepTimes(targetFolder: string): Promise<ReadonlyMap<string, number>> {
  const { results } = JSON.parse(
    await readFile(join(targetFolder, 'run_results.json'), 'utf8'),
  ) as {
    results: readonly { unique_id: string; execution_time: number }[];
  };
  return new Map(
    results.map(({ unique_id, execution_time }) => [
      unique_id.split('.').at(-1) ?? unique_id,
      execution_time * 1000,
    ]),
  );
}

/** A model's SELECT for every date as `velo compile` renders it: the path of the file. */
export async function compiledModel(
  model: string,
  targetFolder: string,
  args: readonly string[],
): Promise<string> {
  await velo('compile', '--select', model, '--target-path', targetFolder, ...args);
  return join(targetFolder, 'compiled', 'velo', 'models', 'features', `${model}.sql`);
}

/** Sends the SELECT in `sqlFile` to DuckDB alone, on the threads velo has. `sqlMs`: the statement without the process. */
export async function bareDuckdb(
  targetFolder: string,
  sqlFile: string,
): Promise<Usage & { readonly sqlMs: number }> {
  const threads = String(Math.min(4, availableParallelism()));
  const usage = await runNode([BARE, join(targetFolder, 'velo.duckdb'), threads, sqlFile], ROOT);
  const [sqlMs = Number.NaN] = JSON.parse(usage.stdout) as readonly number[];
  return { ...usage, sqlMs };
}
