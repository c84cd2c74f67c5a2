import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../../src/config/environment.ts';

const BIN = fileURLToPath(new URL('../../../dist/cli/bin.js', import.meta.url));

/** When to kill: so long after the start, or after so many printed lines and a little. */
export interface Moment {
  readonly afterLines: number;
  readonly delayMs: number;
}

export interface RunEnd {
  /** The moment came before the run was done. */
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly lines: number;
  readonly durationMs: number;
  readonly output: string;
}

/**
 * Runs velo in a process group of its own, which is killed at the moment, if it comes; or whatever `strike` does happens
 * then, and velo may see for itself.
 */
export function runVelo(
  folder: string,
  args: readonly string[],
  moment: Moment | undefined,
  strike?: () => Promise<unknown>,
): Promise<RunEnd> {
  const { PATH = '' } = readEnvironment();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH, HOME: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let lines = 0;
  let timer: NodeJS.Timeout | undefined;
  let killed = false;
  let struck: Promise<unknown> | undefined;
  const kill = () => {
    killed = true;
    if (strike) struck = strike();
    else process.kill(-(child.pid as number), 'SIGKILL');
  };
  const look = () => {
    if (moment && !timer && lines >= moment.afterLines) timer = setTimeout(kill, moment.delayMs);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      lines = output.split('\n').length - 1;
      look();
    });
  }
  look();
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', () => clearTimeout(timer));
    child.on('close', async (exitCode) => {
      const durationMs = performance.now() - startedAt;
      await struck;
      done({ killed, exitCode, lines, durationMs, output });
    });
  });
}
