import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ProjectError } from '../core/errors.ts';
import { MARKER_FILE, markerText, packageNameOf } from './package-folder.ts';
import { type PackageSpec, specText } from './package-spec.ts';
import type { PackageStore } from './package-store.ts';
import { putInPlace, removeOthers, type Staging } from './staging.ts';

/** A package to install: a line of the lock, or what was resolved. */
export interface Installable {
  readonly name: string | undefined;
  /** Names exactly one version. */
  readonly spec: PackageSpec;
}

/**
 * Installs packages, each with one rename; those that are there already are left alone, and what velo
 * installed before and is not wanted any more is removed. Local packages are read where they are.
 * @param told called before each package and after it
 * @throws ProjectError
 */
export async function installPackages(
  packages: readonly Installable[],
  store: PackageStore,
  staging: Staging,
  told: { started(spec: PackageSpec): void; done(spec: PackageSpec): void },
): Promise<void> {
  const names = new Set<string>();
  for (const one of packages) {
    told.started(one.spec);
    names.add(await installOne(one, store, staging));
    told.done(one.spec);
  }
  await removeOthers(staging, names);
}

async function installOne(
  { name, spec }: Installable,
  store: PackageStore,
  staging: Staging,
): Promise<string> {
  if (spec.kind === 'local') return '';
  const dir = await store.files(spec);
  const found = packageNameOf(dir, specText(spec));
  if (name !== undefined && name !== found) {
    throw new ProjectError(
      'package-conflict',
      `package ${specText(spec)} is named '${found}', and '${name}' in package-lock.yml`,
      { span: spec.span, hint: 'make the lock anew: velo deps --upgrade' },
    );
  }
  if (relative(staging.installDir, dir) === found) return found;
  const marker = join(dir, MARKER_FILE);
  // A repository could hold a link of this name that leads elsewhere.
  await rm(marker, { recursive: true, force: true });
  await writeFile(marker, markerText(spec), { flag: 'wx' });
  await putInPlace(staging, dir, found);
  return found;
}
