import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of one test and the target settings that put a real database into it, by adapter. */
export interface Target {
  readonly folder: string;
  readonly input: unknown;
}

const INPUTS: Readonly<Record<string, (folder: string) => unknown>> = {
  duckdb: (folder) => ({ type: 'duckdb', path: join(folder, 'test.duckdb'), threads: 2 }),
};

/** Runs `work` with a new, empty database. */
export async function withTarget<T>(
  adapter: string,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const makeInput = INPUTS[adapter];
  if (!makeInput) throw new Error(`spec/conformance/target.ts has no target for '${adapter}'`);
  const folder = await mkdtemp(join(tmpdir(), 'velo-conformance-'));
  try {
    return await work({ folder, input: makeInput(folder) });
  } finally {
    await rm(folder, { recursive: true });
  }
}
