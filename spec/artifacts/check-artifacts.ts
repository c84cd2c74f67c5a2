import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { ARTIFACTS, artifactFaults } from './artifact-faults.ts';

/** Counted by spec/summary-reporter.ts, which is loaded apart from the tests. */
const VALIDATED = 'artifacts-validated';

/**
 * Waits for a call of velo and validates the artifacts it wrote to its target folder: dbt's against dbt's schemas, ours
 * against ours. @throws Error what is wrong with them
 */
export async function withValidArtifacts<T>(
  dir: string,
  args: readonly string[],
  velo: () => Promise<T>,
): Promise<T> {
  const since = Date.now();
  const result = await velo();
  // Without a folder of the run (see vitest.config.ts) these are no calls of a user.
  if (inject('sharedFolder') !== undefined) await checkArtifacts(targetOf(dir, args), since);
  return result;
}

function targetOf(dir: string, args: readonly string[]): string {
  const at = args.indexOf('--target-path');
  return resolve(dir, (at >= 0 && args[at + 1]) || 'target');
}

async function checkArtifacts(target: string, since: number): Promise<void> {
  for (const name of ARTIFACTS) {
    const file = join(target, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since) continue;
    const faults = await artifactFaults(name, JSON.parse(readFileSync(file, 'utf8')));
    if (faults.length > 0) throw new Error(`${file} is not valid:\n${faults.join('\n')}`);
    appendFileSync(join(inject('sharedFolder'), VALIDATED), `${name}\n`);
  }
}
