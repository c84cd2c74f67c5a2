import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopServerIn } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's Postgres is, once a test has asked for it. */
    readonly postgresFolder: string;
  }
}

/** Vitest's global setup: a place for the server of the run. The first test that needs it starts it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'velo-pg-'));
  provide('postgresFolder', folder);
  return () => stopServerIn(folder);
}
