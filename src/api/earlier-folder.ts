import { resolve } from 'node:path';
import { environmentOption } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import type { Warn } from './warn.ts';

/** Which earlier run selectors and references may go by. */
export interface EarlierOptions {
  /** Folder of what an earlier run left. */
  readonly state?: string | undefined;
  /** Folder of the manifest.json that references go by, where that is another one. */
  readonly deferState?: string | undefined;
}

/** The folder is the flag's or, where there is none, the environment's. */
export const stateFolder = (
  { state }: EarlierOptions,
  { environment }: Settings,
): string | undefined => state ?? environmentOption(environment, 'STATE');

/** Where the manifest.json is that references go by. */
export const deferFolder = (options: EarlierOptions, settings: Settings): string | undefined =>
  options.deferState ??
  environmentOption(settings.environment, 'DEFER_STATE') ??
  stateFolder(options, settings);

/** A run writes over what it compares with. */
export function warnOfOwnState(options: EarlierOptions, settings: Settings, warn: Warn): void {
  const folder = stateFolder(options, settings);
  if (folder === undefined || resolve(folder) !== settings.targetDir) return;
  const text = `The state and target directories are the same: '${folder}'. This could lead to missing changes due to overwritten state including non-idempotent retries.`;
  warn(text, undefined, 'WarnStateTargetEqual');
}
