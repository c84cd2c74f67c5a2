import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, type as system, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './bench.ts';

/** The head of the results: when, where and with what. */
export function header(now: Date): string {
  const lines = [
    `Written ${moment(now)} by \`npm run bench\`.`,
    '',
    `* Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${system()}`,
    `* Node ${process.version}, @duckdb/node-api ${duckdbVersion()}`,
    `* Commit ${commit()}`,
    '',
    'Times are medians. CPU is user and system time of the process itself, peak the most memory it held.',
    'A ratio is of wall times, to what stands behind it, measured in turn in the same run.',
  ];
  return `# Benchmarks\n\n${lines.join('\n')}\n`;
}

/** When a section was measured, of which commit, and how busy the machine was with other things. */
export function sectionNote(now: Date, loadBefore: number): string {
  return `Measured ${moment(now)}, commit ${commit()}; load average before: ${loadBefore.toFixed(2)}.`;
}

/** Processes running or waiting, over the last minute. */
export const load = (): number => loadavg()[0] ?? Number.NaN;

const moment = (now: Date): string => `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function duckdbVersion(): string {
  const path = join(ROOT, 'node_modules', '@duckdb', 'node-api', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function commit(): string {
  try {
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const changed = git('status', '--porcelain', '--', 'src', 'models', 'macros', 'seeds') !== '';
    return `${git('rev-parse', '--short', 'HEAD').trim()}${changed ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
