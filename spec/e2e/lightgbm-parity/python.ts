import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../../src/config/environment.ts';

const SCRIPT = fileURLToPath(new URL('./reference.py', import.meta.url));
const VERSION = '4.7.0';

/** A Python with the LightGBM that velo has: `VELO_TEST_PYTHON`, else the python3 of the PATH. */
export const PYTHON = readEnvironment()['VELO_TEST_PYTHON'] ?? 'python3';

/** Why there is nothing to compare with; undefined when there is. */
export function whyNoPython(): string | undefined {
  const code = 'import numpy, lightgbm; print(lightgbm.__version__)';
  const { status, stdout } = spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' });
  if (status !== 0) return `${PYTHON} has no lightgbm and numpy`;
  return stdout.trim() === VERSION ? undefined : `${PYTHON} has lightgbm ${stdout.trim()}`;
}

/** Runs reference.py. Raises Error with what it said. */
export const runReference = (...args: readonly string[]): void => runPython(SCRIPT, ...args);

/** Runs a script with it. Raises Error with what it said. */
export function runPython(script: string, ...args: readonly string[]): void {
  // Threads that spin while they wait take ten times as long on a busy machine.
  const env = { ...readEnvironment(), OMP_WAIT_POLICY: 'passive' };
  const { status, stderr } = spawnSync(PYTHON, [script, ...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: ${stderr}`);
}
