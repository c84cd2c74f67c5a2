import type { Warehouse } from '../adapters/adapter.ts';
import { ConfigError } from '../core/errors.ts';
import {
  type ApiOptions,
  type LoadedProject,
  loadProject,
  openToRead,
  openWarehouse,
} from './load-project.ts';

/** One project in two targets: rows go from the one to the other. */
export interface TwoTargets {
  readonly from: LoadedProject;
  readonly to: LoadedProject;
}

export interface TransferOptions extends ApiOptions {
  /** Only tell what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Whole tables, also where a part would do. */
  readonly fullRefresh?: boolean | undefined;
  /** How long one try to replace a table may hold up who comes after, in milliseconds. */
  readonly lockTimeoutMs?: number | undefined;
}

/** Reads the project as it is in both targets. @throws ConfigError 'usage' for one target twice, VeloError, VeloErrors */
export async function loadTwoTargets(
  options: ApiOptions,
  other: string | undefined,
  flag: '--from' | '--to',
): Promise<TwoTargets> {
  if (other === undefined) {
    const example =
      flag === '--to' ? 'velo push --select horse_form --to prod' : 'velo pull --from prod';
    throw new ConfigError('usage', `${flag} is needed: the other target of the profile`, {
      hint: example,
    });
  }
  const here = await loadProject(options);
  if (here.settings.target.name === other) {
    throw new ConfigError('usage', `${flag} ${other} is the target itself`, {
      hint: 'give another one with --target, or here',
    });
  }
  const there = await loadProject({ ...options, target: other });
  return flag === '--to' ? { from: here, to: there } : { from: there, to: here };
}

export interface OpenTargets extends AsyncDisposable {
  readonly from: Warehouse;
  readonly to: Warehouse;
}

/**
 * Opens both databases: one to be read and the other to be written, or read for a look. Aborting the signal cancels
 * what runs in either. @throws DatabaseError
 */
export async function openBoth(
  { from, to }: TwoTargets,
  { dryRun, signal }: TransferOptions,
): Promise<OpenTargets> {
  const source = await openToRead(from);
  try {
    const target = await (dryRun ? openToRead(to) : openWarehouse(to));
    const cancel = () => {
      source.interrupt();
      target.interrupt();
    };
    signal?.addEventListener('abort', cancel);
    return {
      from: source,
      to: target,
      async [Symbol.asyncDispose]() {
        signal?.removeEventListener('abort', cancel);
        await source[Symbol.asyncDispose]();
        await target[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}
