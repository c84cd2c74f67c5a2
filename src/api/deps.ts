import { join, resolve } from 'node:path';
import { environmentOption, readEnvironment } from '../config/environment.ts';
import { readProjectFile } from '../config/project-file.ts';
import { parseVars, varsOf } from '../config/vars.ts';
import { ConfigError, VeloErrors } from '../core/errors.ts';
import type { Emit, VeloEvent } from '../core/events.ts';
import {
  type ExtendedList,
  extendPackageList,
  type PackageSource,
} from '../packages/add-package.ts';
import { installDirOf } from '../packages/find-packages.ts';
import { type Installable, installPackages } from '../packages/install-packages.ts';
import { listHash, readLock } from '../packages/lock-file.ts';
import { unpinnedWarning, versionText } from '../packages/messages.ts';
import { type HubSpec, type PackageSpec, specText } from '../packages/package-spec.ts';
import { createStore, type PackageStore } from '../packages/package-store.ts';
import {
  type PackageList,
  parsePackageList,
  type RenderPackages,
  readPackageList,
} from '../packages/read-package-list.ts';
import { type ResolvedPackage, resolvePackages } from '../packages/resolve-packages.ts';
import { openStaging, type Staging } from '../packages/staging.ts';
import { highestFitting } from '../packages/versions.ts';
import { replaceFile, writeLock } from '../packages/write-lock.ts';
import {
  locatePackages,
  type PackagesRequest,
  packageRenderer,
} from '../project/locate-packages.ts';
import { type ApiOptions, unheard } from './load-project.ts';

export interface DepsOptions
  extends Pick<ApiOptions, 'cwd' | 'projectDir' | 'vars' | 'environment' | 'emit'> {
  /** Only write the lock. */
  readonly lock?: boolean;
  /** Look for new versions though the lock is good. */
  readonly upgrade?: boolean;
  /** `name@version` to put into the list first. */
  readonly addPackage?: string | undefined;
  /** What `addPackage` names; the hub when absent. */
  readonly source?: PackageSource | undefined;
  /** Say what would be installed; write nothing. */
  readonly dryRun?: boolean;
}

interface Work extends PackagesRequest {
  readonly options: DepsOptions;
  readonly emit: Emit;
  readonly projectName: string;
  readonly render: RenderPackages;
  readonly staging: Staging;
  readonly store: PackageStore;
}

const NO_PACKAGES: PackageList = { file: 'packages.yml', specs: [], projects: [] };

/**
 * Installs the packages of a project: by the lock when it is there and good, else at the highest versions
 * that suit all, which it then locks. The only use case that needs a network.
 * @throws ConfigError, VeloErrors 'package-conflict', 'package-unavailable'
 */
export async function deps(options: DepsOptions): Promise<void> {
  const { emit = unheard } = options;
  const request = requestOf(options);
  const render = await packageRenderer(request);
  const staging = await openStaging(installDirOf(request.projectDir, request.config));
  try {
    const store = createStore(staging, request.environment);
    const work: Work = { ...request, options, emit, render, staging, store };
    if (options.addPackage === undefined) await bringUpToDate(work);
    else await addPackage(work, options.addPackage);
  } finally {
    await staging.close();
  }
}

function requestOf(options: DepsOptions): PackagesRequest & { readonly projectName: string } {
  const environment = options.environment ?? readEnvironment();
  const named = options.projectDir ?? environmentOption(environment, 'PROJECT_DIR');
  const projectDir = resolve(options.cwd ?? '', named ?? '.');
  const { config } = readProjectFile(projectDir);
  const vars = varsOf(config.name, config.vars ?? {}, parseVars(options.vars ?? {}));
  return { projectDir, projectName: config.name, config, vars, environment };
}

async function bringUpToDate(work: Work): Promise<void> {
  const { projectDir, render, options, emit } = work;
  const list = readPackageList(projectDir, '', render) ?? NO_PACKAGES;
  if (list.specs.length === 0) {
    emit(said('DepsNoPackagesFound', 'Warning: No packages were found in packages.yml'));
  }
  for (const project of list.projects) emit(projectWarning(project, list));
  const lock = readLock(projectDir, render);
  const isGood = !options.upgrade && lock?.sha1 === listHash(list.specs);
  if (isGood && options.lock) return;
  if (isGood && options.dryRun) tellPlan(lock.entries, emit);
  else if (!isGood || !(await installLocked(work, lock.entries))) await renew(work, list);
}

/** Installs what is locked; false when the lock does not know all that packages ask for. */
async function installLocked(work: Work, entries: readonly Installable[]): Promise<boolean> {
  await install(work, entries, new Map());
  try {
    await locatePackages(work);
    return true;
  } catch (error) {
    const errors = error instanceof VeloErrors ? error.errors : [error];
    const isMissing = (one: unknown) =>
      one instanceof ConfigError && one.code === 'packages-missing';
    if (errors.every(isMissing)) return false;
    throw error;
  }
}

/** Looks for versions anew. The list is written only once they are found. */
async function renew(work: Work, list: PackageList, added?: ExtendedList): Promise<void> {
  const { projectDir, emit, options, store } = work;
  const packages = list.specs.length === 0 ? [] : await resolvePackages({ ...work, list });
  for (const { spec } of packages) {
    const warning = unpinnedWarning(spec);
    if (warning) emit({ type: 'warning', name: 'DepsUnpinned', message: warning });
  }
  if (options.dryRun) return tellPlan(packages, emit);
  if (added) await writeExtended(work, added);
  if (packages.length > 0) {
    const file = await writeLock(projectDir, list, packages);
    emit(
      said('DepsLockUpdating', `Updating lock file in file path: ${file}`, { lock_filepath: file }),
    );
  }
  if (!options.lock) await install(work, packages, await latestVersions(packages, store));
}

async function addPackage(work: Work, asked: string): Promise<void> {
  const { projectDir, render, options } = work;
  const added = extendPackageList(projectDir, asked, options.source ?? 'hub');
  const list = parsePackageList(added.file, added.text, render);
  await renew(work, list, added);
}

async function writeExtended({ projectDir, emit }: Work, added: ExtendedList): Promise<void> {
  for (const name of added.removed) {
    emit(
      said(
        'DepsFoundDuplicatePackage',
        `Found duplicate package in ${added.file}, removing: ${name}`,
        {
          removed_package: name,
        },
      ),
    );
  }
  const path = join(projectDir, added.file);
  await replaceFile(path, added.text);
  const { name, version = '' } = added;
  const shown = version === '' ? name : `${name}@${version}`;
  emit(
    said('DepsAddPackage', `Added new package ${shown} to ${path}`, {
      package_name: name,
      version,
      packages_filepath: path,
    }),
  );
}

/** The newest release of each hub package, whatever is asked for; by its name. */
async function latestVersions(
  packages: readonly ResolvedPackage[],
  store: PackageStore,
): Promise<ReadonlyMap<string, string>> {
  const latest = new Map<string, string>();
  for (const { spec } of packages) {
    if (spec.kind !== 'hub') continue;
    const { versions } = await store.repository(spec);
    const newest = highestFitting(versions, [], false);
    if (newest) latest.set(spec.package, newest.text);
  }
  return latest;
}

async function install(
  { store, staging, emit }: Work,
  packages: readonly Installable[],
  latest: ReadonlyMap<string, string>,
): Promise<void> {
  const old: string[] = [];
  await installPackages(packages, store, staging, {
    started(spec) {
      const name = specText(spec);
      emit(said('DepsStartPackageInstall', `Installing ${name}`, { package_name: name }));
    },
    done(spec) {
      const version = versionText(spec);
      emit(said('DepsInstallInfo', `Installed from ${version}`, { version_name: version }));
      if (spec.kind === 'git' && spec.subdirectory !== undefined) {
        const { subdirectory } = spec;
        emit(said('DepsListSubdirectory', `and subdirectory ${subdirectory}`, { subdirectory }));
      }
      if (spec.kind === 'hub' && tellAge(spec, latest.get(spec.package), emit)) {
        old.push(spec.package);
      }
    },
  });
  if (old.length === 0) return;
  const text = `Updates available for packages: ${old.join(', ')}. Update your versions in packages.yml, then run velo deps`;
  emit(said('DepsNotifyUpdatesAvailable', text, { packages: old }));
}

/** True when there is a newer release than the installed one. */
function tellAge(spec: HubSpec, latest: string | undefined, emit: Emit): boolean {
  if (latest === undefined) return false;
  const isOld = latest !== spec.versions[0];
  if (isOld) {
    emit(
      said('DepsUpdateAvailable', `Updated version available: ${latest}`, {
        version_latest: latest,
      }),
    );
  } else emit(said('DepsUpToDate', 'Up to date!'));
  return isOld;
}

function tellPlan(packages: readonly { readonly spec: PackageSpec }[], emit: Emit): void {
  for (const { spec } of packages) {
    const message = `Would install ${specText(spec)} from ${versionText(spec)}`;
    emit({ type: 'message', message });
  }
}

const said = (
  name: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): VeloEvent => ({ type: 'message', name, message, data });

const projectWarning = (project: string, { file }: PackageList): VeloEvent => ({
  type: 'warning',
  message: `${file} names project '${project}': velo does not read other projects' artifacts, so ref() does not find its models`,
});
