import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where files of a test run put what other files may read as well. */
    readonly sharedFolder: string;
  }
}

/** Vitest's global setup: a folder of the run, emptied when the code has changed and gone at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'velo-shared-'));
  project.provide('sharedFolder', folder);
  const remove = () => rm(folder, { recursive: true, force: true });
  project.onTestsRerun(remove);
  return remove;
}
