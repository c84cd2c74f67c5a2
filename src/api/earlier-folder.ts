import { resolve } from 'node:path';
import { environmentOption } from '../config/environment.ts';
import { fromFolder } from '../config/from-folder.ts';
import type { Settings } from '../config/settings.ts';
import type { Warn } from './warn.ts';

/** Which earlier run selectors and references may go by. */
export interface EarlierOptions {
  /** Folder of what an earlier run left. */
  readonly state?: string | undefined;
  /** Folder of the manifest.json that references go by, where that is another one. */
  readonly deferState?: string | undefined;
  /** Folder that relative ones count from; the process's when absent. */
  readonly cwd?: string | undefined;
}

/** The folder is the flag's or, where there is none, the environment's. */
export const stateFolder = (
  { cwd, state }: EarlierOptions,
  { environment }: Settings,
): string | undefined => inFolder(cwd, state ?? environmentOption(environment, 'STATE'));

const inFolder = (cwd: string | undefined, path: string | undefined): string | undefined =>
  path === undefined ? undefined : fromFolder(cwd, path);

/** Where the manifest.json is that references go by. */
export const deferFolder = (options: EarlierOptions, settings: Settings): string | undefined =>
  inFolder(
    options.cwd,
    options.deferState ?? environmentOption(settings.environment, 'DEFER_STATE'),
  ) ?? stateFolder(options, settings);

/** A run writes over what it compares with. */
export function warnOfOwnState(options: EarlierOptions, settings: Settings, warn: Warn): void {
  const folder = stateFolder(options, settings);
  if (folder === undefined || resolve(folder) !== settings.targetDir) return;
  const text = `The state and target directories are the same: '${folder}'. This could lead to missing changes due to overwritten state including non-idempotent retries.`;
  warn(text, undefined, 'WarnStateTargetEqual');
}
