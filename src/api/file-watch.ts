import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isWatched, type WatchedFiles } from '../project/watched-files.ts';

export interface FileChange {
  /** Relative to the project in it, absolute outside. */
  readonly path: string;
  readonly change: 'saved' | 'new' | 'gone';
}

export interface FileWatch extends Disposable {
  /** Number of files. */
  readonly count: number;
  /**
   * What differs from what it was when this was asked last, in the order of paths: at once if something does, else when
   * it has come to rest after a change. Empty: `signal` was aborted.
   */
  next(signal: AbortSignal): Promise<readonly FileChange[]>;
  /** Other folders may be looked at from now on: what lies in those is no change. */
  moved(): void;
}

export interface FileWatchOptions {
  /** The files as they stand. */
  look(): WatchedFiles;
  /** Milliseconds after which they are looked at in any case; undefined: when the system tells of a change. */
  readonly pollMs?: number | undefined;
  /** The system cannot tell of changes: they are looked for every {@link FALLBACK_MS} from now on. */
  onBlind(error: Error): void;
}

/** An editor's save is several changes of a folder, a checkout hundreds: they are over when there is none for so long. */
const QUIET_MS = 40;
const MOST_QUIET_MS = 2000;
const FALLBACK_MS = 1000;
/** Who saves a file empties it and fills it; one that stays empty was meant to be. */
const MOST_LOOKS_AT_EMPTY = 5;

/**
 * Tells which files differ. What the system says of a folder is taken as a hint to look: the states of files decide, so
 * that nothing hangs on how an editor saves, or on which of many events came through.
 */
export function openFileWatch({ look, onBlind, ...options }: FileWatchOptions): FileWatch {
  let known = look();
  let { pollMs } = options;
  let isDirty = false;
  let changedAt = 0;
  let wake = () => {};
  const notice = () => {
    isDirty = true;
    changedAt = performance.now();
    wake();
  };
  const goBlind = (error: Error) => {
    if (pollMs === undefined) onBlind(error);
    pollMs ??= FALLBACK_MS;
    wake();
  };
  const folders = watchFolders(notice, goBlind);
  folders.set(known.folders);

  /** Ends with a change, when it is time to look, or with `signal`. */
  async function waitForHint(signal: AbortSignal): Promise<void> {
    if (isDirty || signal.aborted) return;
    const timer = pollMs === undefined ? undefined : setTimeout(notice, pollMs);
    await new Promise<void>((resolve) => {
      wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
    });
    clearTimeout(timer);
  }
  async function waitForRest(): Promise<void> {
    const since = performance.now();
    for (;;) {
      const quietMs = performance.now() - changedAt;
      if (quietMs >= QUIET_MS || performance.now() - since > MOST_QUIET_MS) return;
      await pause(QUIET_MS - quietMs);
    }
  }
  async function lookAtRest(): Promise<WatchedFiles> {
    for (let patience = MOST_LOOKS_AT_EMPTY; ; ) {
      await waitForRest();
      isDirty = false;
      const now = look();
      const isAdded = folders.set(now.folders);
      const isHalf = patience > 0 && isHalfWritten(known.files, now.files);
      if (!isAdded && !isHalf) return now;
      if (isHalf) patience -= 1;
      // More may have come into a new folder before it was watched, and more may follow.
      changedAt = performance.now();
    }
  }
  return {
    get count() {
      return known.files.size;
    },
    async next(signal) {
      for (;;) {
        await waitForHint(signal);
        if (signal.aborted) return [];
        if (!isDirty) continue;
        const now = await lookAtRest();
        const changes = changesBetween(known.files, now.files);
        known = now;
        if (changes.length > 0) return changes;
      }
    },
    moved() {
      const now = look();
      const inNew = [...now.files].filter(([, { folder }]) => !known.folders.has(folder));
      const isStill = ([, { folder }]: (typeof inNew)[number]) => now.folders.has(folder);
      const files = new Map([...[...known.files].filter(isStill), ...inNew]);
      known = { files, folders: now.folders };
      if (folders.set(now.folders)) isDirty = true;
    },
    [Symbol.dispose]: () => folders.set(new Set()),
  };
}

/** Watches just the folders it is given. `set` returns whether there are new ones. */
function watchFolders(notice: () => void, goBlind: (error: Error) => void) {
  const watchers = new Map<string, FSWatcher>();
  const end = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): boolean => {
    try {
      const watcher = watch(folder, (event, name) => {
        // The folder itself went: what may stand there now is another one.
        if (event === 'rename' && name === basename(folder)) end(folder);
        if (event === 'rename' || name === null || isWatched(name)) notice();
      });
      watchers.set(folder, watcher);
      watcher.on('error', () => {
        end(folder);
        notice();
      });
      return true;
    } catch (error) {
      // A folder that is not there yet comes into one that is watched.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') goBlind(error as Error);
      return false;
    }
  };
  return {
    set(folders: ReadonlySet<string>): boolean {
      for (const folder of watchers.keys()) if (!folders.has(folder)) end(folder);
      let isAdded = false;
      for (const folder of folders) {
        if (!watchers.has(folder) && add(folder)) isAdded = true;
      }
      return isAdded;
    },
  };
}

/** Whether a file is empty that was not, or was not there. */
const isHalfWritten = (before: WatchedFiles['files'], now: WatchedFiles['files']): boolean =>
  [...now].some(([path, { state }]) => isEmpty(state) && !isEmpty(before.get(path)?.state));

const isEmpty = (state: string | undefined): boolean => state?.startsWith('0:') === true;

function changesBetween(
  before: WatchedFiles['files'],
  now: WatchedFiles['files'],
): readonly FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, { state }] of now) {
    const was = before.get(path)?.state;
    if (was !== state) changes.push({ path, change: was === undefined ? 'new' : 'saved' });
  }
  for (const path of before.keys()) if (!now.has(path)) changes.push({ path, change: 'gone' });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}
