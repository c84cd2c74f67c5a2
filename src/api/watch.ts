import { basename, dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { profileFolders } from '../config/profile-names.ts';
import type { Settings } from '../config/settings.ts';
import { importedFiles } from '../project/cache/cache-index.ts';
import { projectPackages } from '../project/project-packages.ts';
import { rootsOf, type WatchedPlaces, watchedFiles } from '../project/watched-files.ts';
import { type CheckedNode, checkProject } from './check.ts';
import { type FileChange, openFileWatch } from './file-watch.ts';
import { type LoadedProject, loadProject, loadTarget } from './load-project.ts';
import { whatIsAsked } from './plan.ts';
import { type RunOptions, runProject } from './run.ts';
import { type TouchedNodes, touchedNodes } from './touched-nodes.ts';

/** What happens besides the runs, which tell of themselves. */
export type WatchEvent =
  | {
      readonly type: 'watching';
      readonly files: number;
      readonly project: string;
      readonly target: string;
    }
  | { readonly type: 'saved'; readonly changes: readonly FileChange[] }
  /** Nothing that is chosen is made by what was saved. */
  | { readonly type: 'untouched' }
  | { readonly type: 'checked'; readonly nodes: readonly CheckedNode[] }
  /** The project cannot be read, or nothing could start. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** All is done that can be: more happens when a file is saved. */
  | { readonly type: 'waiting'; readonly files: number };

export interface WatchOptions extends RunOptions {
  readonly signal: AbortSignal;
  /** Build also what follows from what a file touches. */
  readonly downstream: boolean;
  /** Have the engine resolve names and types at each save, and build nothing. */
  readonly onlyCheck: boolean;
  /** Milliseconds after which files are looked at, where the system does not tell of changes. */
  readonly pollMs?: number | undefined;
  tell(event: WatchEvent): void;
}

/**
 * Builds what a saved file touches, until `signal` is aborted: nodes made by something else than before, and their tests.
 * The database is open only while something is built. What goes wrong is told, and the next save tries again.
 * @returns whether something was interrupted. @throws VeloError, VeloErrors when there are no settings to begin with
 */
export async function watch(options: WatchOptions): Promise<{ readonly interrupted: boolean }> {
  const { signal, tell } = options;
  const { settings } = await loadTarget(options);
  using watched = await watchPlaces(settings, options);
  const { files } = watched;
  const [project, target] = [settings.project.config.name, settings.target.name];
  tell({ type: 'watching', files: files.count, project, target });
  const touched = touchedNodes();
  for (let isFirst = true; ; isFirst = false) {
    try {
      const loaded = await loadProject(options);
      await watched.follow(loaded.settings);
      touched.look(loaded);
      const work = options.onlyCheck ? checkAll : isFirst ? nothing : buildTouched;
      const { interrupted } = await work(loaded, touched, options);
      if (interrupted) return { interrupted };
    } catch (error) {
      if (signal.aborted) return { interrupted: true };
      tell({ type: 'failed', error });
    }
    tell({ type: 'waiting', files: files.count });
    const changes = await files.next(signal);
    if (signal.aborted) return { interrupted: false };
    touched.note(changes);
    tell({ type: 'saved', changes });
  }
}

/** The files of a project; `follow`: those of other settings from now on. */
async function watchPlaces(settings: Settings, options: WatchOptions) {
  let places = await placesOf(settings, options);
  const files = openFileWatch({
    look: () => watchedFiles(places),
    pollMs: options.pollMs,
    onBlind: (error) => options.emit?.({ type: 'warning', message: blindText(error) }),
  });
  return {
    files,
    async follow(now: Settings) {
      const before = places;
      places = await placesOf(now, options);
      if (!isDeepStrictEqual(places, before)) files.moved();
    },
    [Symbol.dispose]: () => files[Symbol.dispose](),
  };
}

type Work = (
  project: LoadedProject,
  touched: TouchedNodes,
  options: WatchOptions,
) => Promise<{ readonly interrupted: boolean }>;

/** What stands when watching begins is `velo build`'s business. */
const nothing: Work = async () => ({ interrupted: false });

const buildTouched: Work = async (project, touched, options) => {
  const asked = await whatIsAsked(project, options);
  const selection = touched.among(project, asked.selection, followsAlong(options));
  if (selection.size === 0) {
    options.tell({ type: 'untouched' });
    touched.settle([]);
    return { interrupted: false };
  }
  const result = await runProject(project, { ...asked, selection }, options);
  if (!result.interrupted) touched.settle(result.results);
  return result;
};

/** Who chooses nodes wants them to be right together. */
const followsAlong = ({ downstream, select = [], models = [], selector }: WatchOptions): boolean =>
  downstream || select.length + models.length > 0 || selector !== undefined;

const checkAll: Work = async (project, _, options) => {
  const nodes = await checkProject(project, options);
  options.tell({ type: 'checked', nodes });
  return { interrupted: options.signal.aborted };
};

/** The files of the project, of its packages, and those elsewhere that decide what they mean. */
async function placesOf(settings: Settings, options: WatchOptions): Promise<WatchedPlaces> {
  const { projectDir, targetDir, environment } = settings;
  const { cwd, profilesDir } = options;
  const profiles = profileFolders({ cwd, projectDir, profilesDir, environment });
  const packages = await projectPackages(settings);
  return {
    projectDir,
    packages: packages.map((one) => ({
      rootDir: one.rootDir,
      shownPath: one.shownPath,
      roots: rootsOf(one),
    })),
    others: [
      ...profiles.map((folder) => [resolve(folder), 'profiles.yml'] as const),
      ...importedFiles(targetDir).map((path) => [dirname(path), basename(path)] as const),
    ],
  };
}

const blindText = ({ message }: Error): string =>
  `the system does not tell of all changes (${message}): files are looked at every second`;
