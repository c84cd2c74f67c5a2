import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';

const REPORT = fileURLToPath(new URL('./report-usage.cjs', import.meta.url));

/** What one run of a process took; CPU and memory are the process's own, without what it started. */
export interface Usage {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** Runs Node in `cwd` to its end. Raises Error with the end of its output when it does not exit with 0. */
export async function runNode(
  args: readonly string[],
  cwd: string,
): Promise<Usage & { readonly stdout: string }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--require', REPORT, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  }).then((code) => ({ code, wallMs: performance.now() - startedAt }));
  const streams = [child.stdout, child.stderr, child.stdio[3] as Readable] as Readable[];
  const [{ code, wallMs }, [stdout = '', stderr = '', report = '']] = await Promise.all([
    ended,
    Promise.all(streams.map((stream) => text(stream))),
  ]);
  if (code !== 0) {
    const said = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n');
    throw new Error(`node ${args.join(' ')} ended with ${code}: ${said}`);
  }
  const { cpuUs, maxRssKb } = JSON.parse(report) as { cpuUs: number; maxRssKb: number };
  return { wallMs, cpuMs: cpuUs / 1000, peakMb: maxRssKb / 1024, stdout };
}

/** The median of each measure on its own. */
export function medianUsage(usages: readonly Usage[]): Usage {
  const of = (key: keyof Usage) => median(usages.map((usage) => usage[key]));
  return { wallMs: of('wallMs'), cpuMs: of('cpuMs'), peakMb: of('peakMb') };
}

/** Runs the tasks in turn, `runs` times, so that a busy spell of the machine falls on all of them. */
export async function inTurn<T>(
  runs: number,
  tasks: readonly (() => Promise<T>)[],
): Promise<T[][]> {
  const results: T[][] = tasks.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [i, task] of tasks.entries()) results[i]?.push(await task());
  }
  return results;
}
