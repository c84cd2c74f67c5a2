import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileState } from './cache/file-states.ts';
import type { ProjectPackage } from './project-packages.ts';

/** What is watched, and how it stands. */
export interface WatchedFiles {
  /** State of each file by its path: relative to the project in it, absolute outside. */
  readonly states: ReadonlyMap<string, string>;
  /** Folders in which files may change, come or go; absolute. */
  readonly folders: ReadonlySet<string>;
}

/** Where files are that a project is read from. */
export interface WatchedPlaces {
  /** Absolute. */
  readonly projectDir: string;
  readonly packages: readonly Pick<ProjectPackage, 'rootDir' | 'shownPath' | 'project'>[];
  /** Files elsewhere, such as profiles.yml: absolute folder, and name. */
  readonly others: readonly (readonly [folder: string, name: string])[];
}

/** Those of a package that say how the rest is read. */
const SETTINGS: ReadonlySet<string> = new Set([
  'velo_project.yml',
  'dbt_project.yml',
  'vars.yml',
  'packages.yml',
  'dependencies.yml',
  'package-lock.yml',
  'selectors.yml',
  'profiles.yml',
]);

/** What a project is made of; what editors leave beside it while they write is not. */
const WATCHED = /^[^.#~][^~]*\.(?:sql|ya?ml|csv|tsv|md|[cm]?[jt]s|json|py)$/;

/** Whether a file of that name may be a part of a project. */
export const isWatched = (name: string): boolean => WATCHED.test(name);

/** All files of a project and their states. A folder that cannot be read holds none. */
export function watchedFiles({ projectDir, packages, others }: WatchedPlaces): WatchedFiles {
  const states = new Map<string, string>();
  const folders = new Set<string>();
  const note = (shown: string, path: string) => {
    const state = fileState(path);
    if (state !== 'gone') states.set(shown, state);
  };
  const walk = (folder: string, shown: string) => {
    folders.add(folder);
    for (const entry of entriesOf(folder)) {
      const [path, name] = [`${folder}/${entry.name}`, `${shown}${entry.name}`];
      if (entry.isDirectory()) walk(path, `${name}/`);
      else if (isWatched(entry.name)) note(name, path);
    }
  };
  for (const { rootDir, shownPath, project } of packages) {
    const prefix = shownPath === '' ? '' : `${shownPath}/`;
    folders.add(rootDir);
    for (const name of SETTINGS) note(prefix + name, join(rootDir, name));
    for (const root of rootsOf(project)) {
      const path = join(rootDir, root);
      if (!folders.has(path)) walk(path, `${prefix}${root}/`);
    }
  }
  for (const [folder, name] of others) {
    folders.add(folder);
    const path = join(folder, name);
    note(path.startsWith(`${projectDir}/`) ? path.slice(projectDir.length + 1) : path, path);
  }
  return { states, folders };
}

/** Every folder a package is read from. */
function rootsOf({ config }: ProjectPackage['project']): readonly string[] {
  const named = [
    config['model-paths'],
    config['macro-paths'],
    config['seed-paths'],
    config['test-paths'],
    config['snapshot-paths'],
    config['analysis-paths'],
    config['function-paths'],
    config['docs-paths'] ?? [],
  ];
  const plain = (root: string) =>
    root.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
  return [...new Set(named.flat().map(plain))];
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
