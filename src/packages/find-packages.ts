import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ConfigError, ProjectError, type VeloError, VeloErrors } from '../core/errors.ts';
import {
  LOCK_FILE,
  type Lock,
  type LockEntry,
  listHash,
  lockedEntry,
  readLock,
} from './lock-file.ts';
import { hasProjectFile, MARKER_FILE, markerText } from './package-folder.ts';
import type { LocalSpec, PackageSpec, RemoteSpec } from './package-spec.ts';
import { specText } from './package-spec.ts';
import { type PackageList, type RenderPackages, readPackageList } from './read-package-list.ts';

/** A package the project reads beside its own files. */
export interface PackagePlace {
  /** Absolute. */
  readonly rootDir: string;
  /** The same relative to the project, for messages. */
  readonly shownPath: string;
}

export interface PackagesConfig {
  /** Relative to the project; `dbt_packages` when absent. */
  readonly 'packages-install-path'?: string | null | undefined;
}

/** The folder packages are installed into; absolute. */
export const installDirOf = (projectDir: string, config: PackagesConfig): string =>
  resolve(projectDir, config['packages-install-path'] ?? 'dbt_packages');

const asWritten: RenderPackages = (value) => value;

interface Search {
  readonly projectDir: string;
  readonly installDir: string;
  readonly render: RenderPackages;
  readonly lock: Lock | undefined;
  readonly found: Map<string, PackagePlace>;
  readonly missing: PackageSpec[];
}

/**
 * The packages of a project and of its packages, in the order they are listed: local ones where
 * they are, all others in the install folder, by the lock. Reads no network and no project file;
 * without packages.yml and dependencies.yml it asks the disk for these two and nothing else.
 * @param render renders the templates in packages.yml; without it they stay as written
 * @throws ConfigError 'packages-missing' when `velo deps` has to run first; VeloErrors of the lists
 */
export function findPackages(
  projectDir: string,
  config: PackagesConfig,
  render: RenderPackages = asWritten,
): readonly PackagePlace[] {
  const list = readPackageList(projectDir, '', render);
  if (!list || list.specs.length === 0) return [];
  const lock = readLock(projectDir, render);
  const installDir = installDirOf(projectDir, config);
  const search = { projectDir, installDir, render, lock, found: new Map(), missing: [] };
  addPackages(list, projectDir, search);
  if (search.missing.length > 0) throw missingError(search, list);
  if (!lockSuits(lock, list)) throw staleLockError(list);
  return [...search.found.values()];
}

/** Whether what is locked is what the list asks for. A lock of an older dbt has another hash, but the versions tell. */
function lockSuits(lock: Lock | undefined, { specs }: PackageList): boolean {
  if (lock?.sha1 === listHash(specs)) return true;
  return specs.every((spec) => {
    if (spec.kind === 'local') return true;
    const locked = lockedEntry(lock, spec)?.spec;
    if (locked?.kind !== 'git' || spec.kind !== 'git') return locked !== undefined;
    return spec.revision === locked.revision;
  });
}

function addPackages(list: PackageList, listDir: string, search: Search): void {
  for (const spec of list.specs) {
    const rootDir =
      spec.kind === 'local'
        ? localDirOf(spec, search.projectDir, listDir)
        : installedDirOf(spec, search);
    if (rootDir === undefined) search.missing.push(spec);
    else addPlace(rootDir, search);
  }
}

function addPlace(rootDir: string, search: Search): void {
  if (search.found.has(rootDir)) return;
  const shownPath = shownPathOf(search.projectDir, rootDir);
  search.found.set(rootDir, { rootDir, shownPath });
  const list = readPackageList(rootDir, shownPath, search.render);
  if (list) addPackages(list, rootDir, search);
}

/**
 * The folder of a local package. As in dbt its path starts at the project, also in the list of a package;
 * where nothing is there it starts at the list. @throws ProjectError at the entry when there is no project in it
 */
export function localDirOf(spec: LocalSpec, projectDir: string, listDir: string): string {
  const places = [...new Set([resolve(projectDir, spec.path), resolve(listDir, spec.path)])];
  const found = places.find(hasProjectFile);
  if (found !== undefined) return found;
  const first = places[0] ?? projectDir;
  const what = existsSync(first) ? 'has no dbt_project.yml or velo_project.yml' : 'does not exist';
  throw new ProjectError('package-unavailable', `local package ${spec.path} ${what}`, {
    span: spec.span,
    hint: 'the path is relative to the folder of the project',
  });
}

function installedDirOf(spec: RemoteSpec, { installDir, lock }: Search): string | undefined {
  const entry = lockedEntry(lock, spec);
  return entry && installedDir(entry, installDir);
}

/** Where the package of a lock's line is installed; undefined when it is not, or at another version. */
function installedDir(entry: LockEntry, installDir: string): string | undefined {
  const dir = join(installDir, folderName(entry));
  const marker = readMarker(dir);
  if (marker !== undefined) return marker === markerText(entry.spec) ? dir : undefined;
  // No marker: dbt has installed it, and dbt keeps no note of the version.
  return hasProjectFile(dir) ? dir : undefined;
}

/** The name of the project; older dbts did not write it into the lock, but it is the hub's name then. */
const folderName = ({ name, spec }: LockEntry): string =>
  name ?? (spec.kind === 'hub' ? (spec.package.split('/')[1] ?? '') : '');

function readMarker(dir: string): string | undefined {
  try {
    return readFileSync(join(dir, MARKER_FILE), 'utf8');
  } catch {
    return undefined;
  }
}

/** A path below the project as messages show it; others as they are. */
export function shownPathOf(projectDir: string, dir: string): string {
  const inner = relative(projectDir, dir);
  return isAbsolute(inner) ? inner : inner.replaceAll('\\', '/') || '.';
}

function missingError({ missing, installDir, projectDir }: Search, list: PackageList): VeloErrors {
  const folder = shownPathOf(projectDir, installDir);
  return new VeloErrors(
    missing.map(
      (spec): VeloError =>
        new ConfigError(
          'packages-missing',
          `package ${specText(spec)} is not installed in ${folder} as ${LOCK_FILE} and ${list.file} have it`,
          { span: spec.span, hint: 'install it: velo deps' },
        ),
    ),
  );
}

const staleLockError = (list: PackageList): ConfigError =>
  new ConfigError('packages-missing', `${LOCK_FILE} was made for another ${list.file}`, {
    span: list.specs[0]?.span,
    hint: 'bring lock and packages up to date: velo deps',
  });
