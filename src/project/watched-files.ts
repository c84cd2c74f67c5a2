import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileState } from './cache/file-states.ts';
import type { PackageRoot } from './discover-files.ts';
import type { ProjectPackage } from './project-packages.ts';

/** What is watched, and how it stands. */
export interface WatchedFiles {
  /** By path: relative to the project, absolute for those that belong to no package. */
  readonly files: ReadonlyMap<string, WatchedFile>;
  /** Folders in which files may change, come or go; absolute. */
  readonly folders: ReadonlySet<string>;
}

interface WatchedFile {
  readonly state: string;
  /** The watched folder it lies in. */
  readonly folder: string;
}

/** Where files are that a project is read from: plain data. */
export interface WatchedPlaces {
  /** Absolute. */
  readonly projectDir: string;
  readonly packages: readonly (PackageRoot & { readonly roots: readonly string[] })[];
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
  const files = new Map<string, WatchedFile>();
  const folders = new Set<string>();
  const note = (shown: string, folder: string, name: string) => {
    const state = fileState(join(folder, name));
    if (state !== 'gone') files.set(shown, { state, folder });
  };
  const walk = (folder: string, shown: string) => {
    folders.add(folder);
    for (const entry of entriesOf(folder)) {
      const { name } = entry;
      if (entry.isDirectory()) walk(`${folder}/${name}`, `${shown}${name}/`);
      else if (isWatched(name)) note(shown + name, folder, name);
    }
  };
  for (const { rootDir, shownPath, roots } of packages) {
    const prefix = shownPath === '' ? '' : `${shownPath}/`;
    folders.add(rootDir);
    for (const name of SETTINGS) note(prefix + name, rootDir, name);
    for (const root of roots) {
      const path = join(rootDir, root);
      if (!folders.has(path)) walk(path, `${prefix}${root}/`);
    }
  }
  for (const [folder, name] of others) {
    folders.add(folder);
    const path = join(folder, name);
    const inProject = path.startsWith(`${projectDir}/`);
    note(inProject ? path.slice(projectDir.length + 1) : path, folder, name);
  }
  return { files, folders };
}

/** Every folder a package is read from, relative to it. */
export function rootsOf({ project: { config } }: ProjectPackage): readonly string[] {
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
