import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { readEnvironment } from '../config/environment.ts';
import { findProject } from '../config/settings.ts';
import { ConfigError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { NodeId } from '../core/node.ts';
import { FAILED } from '../core/result.ts';
import type { BatchesAgain } from '../plan/microbatch.ts';
import type { ApiOptions } from './load-project.ts';
import { RUN_COMMANDS, type RunCommand } from './plan.ts';

/** A run that ended, as its run_results.json tells of it. */
export interface LastRun {
  readonly command: RunCommand;
  /** Its flags, by their names with underscores. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly undone: Undone;
}

/** What a run failed at or left out. */
export interface Undone {
  readonly nodes: ReadonlySet<NodeId>;
  /** Of microbatch models that failed in part: which batches. */
  readonly batches: ReadonlyMap<NodeId, BatchesAgain>;
}

export interface RetryOptions
  extends Pick<ApiOptions, 'cwd' | 'projectDir' | 'targetPath' | 'environment'> {
  /** Folder of the run_results.json to go by; the target folder when absent. */
  readonly state?: string | undefined;
}

/** What the last run left undone. @throws ConfigError 'usage' when there was none that can be repeated */
export function readLastRun(options: RetryOptions): LastRun {
  const { targetDir } = findProject(options, options.environment ?? readEnvironment());
  const folder =
    options.state === undefined ? targetDir : resolve(options.cwd ?? '', options.state);
  const file = join(folder, 'run_results.json');
  if (!existsSync(file)) {
    throw new ConfigError('usage', `Could not find previous run in '${shownFolder(options)}'`, {
      hint: 'velo retry goes by the run_results.json of velo build, run, test or seed',
    });
  }
  const { args, results } = parseResults(readFileSync(file, 'utf8'), file);
  const command = String(args['which'] ?? '');
  if (!(command in RUN_COMMANDS)) {
    throw new ConfigError('usage', `velo retry does not repeat '${command}'`, {
      hint: `it repeats ${Object.keys(RUN_COMMANDS).join(', ')}`,
    });
  }
  return { command: command as RunCommand, args, undone: undoneOf(results) };
}

const shownFolder = ({ state, targetPath }: RetryOptions): string =>
  state ?? targetPath ?? 'the target folder';

const interval = z
  .tuple([z.string(), z.string()])
  .transform(([start, end]): Interval => ({ start: Date.parse(start), end: Date.parse(end) }));

const runResults = z.object({
  args: z.record(z.string(), z.unknown()),
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      batch_results: z
        .object({ successful: z.array(interval), failed: z.array(interval) })
        .nullish(),
    }),
  ),
});

type Results = z.output<typeof runResults>;

function parseResults(text: string, file: string): Results {
  try {
    return runResults.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigError('file-unreadable', `${file} is not a run_results.json`, {
      hint: 'run velo build once more: it writes the file anew',
      cause,
    });
  }
}

/** Hooks of the run belong to every run: they are not chosen. */
const isChosen = (id: string): boolean => !id.startsWith('operation.');

function undoneOf(results: Results['results']): Undone {
  const again: ReadonlySet<string> = new Set([...FAILED, 'skipped']);
  const undone = results.filter((one) => again.has(one.status) && isChosen(one.unique_id));
  return {
    nodes: new Set(undone.map((one) => one.unique_id as NodeId)),
    batches: new Map(
      undone.flatMap(({ unique_id, batch_results: batches }) =>
        batches && batches.failed.length > 0 ? [[unique_id as NodeId, batches] as const] : [],
      ),
    ),
  };
}
