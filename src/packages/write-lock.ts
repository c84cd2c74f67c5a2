import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { shownPathOf } from './find-packages.ts';
import { LOCK_FILE, listHash, lockText } from './lock-file.ts';
import type { PackageList } from './read-package-list.ts';
import type { ResolvedPackage } from './resolve-packages.ts';

/** Writes package-lock.yml, all of it or nothing. @returns its path, absolute */
export async function writeLock(
  projectDir: string,
  { specs }: PackageList,
  packages: readonly ResolvedPackage[],
): Promise<string> {
  const file = join(projectDir, LOCK_FILE);
  const rows = packages.map((one) => ({ ...rowOf(one, projectDir), name: one.name }));
  await replaceFile(file, lockText(rows, listHash(specs)));
  return file;
}

/** Writes a file aside and puts it in place. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.tmp`;
  await writeFile(aside, text);
  await rename(aside, file);
}

/** As dbt writes it; addresses stay as they are in the list, so that no password comes out of the environment. */
function rowOf(
  { spec, dir }: ResolvedPackage,
  projectDir: string,
): Readonly<Record<string, unknown>> {
  switch (spec.kind) {
    case 'local': {
      const asWritten = resolve(projectDir, spec.path) === dir;
      return { local: asWritten ? spec.path : shownPathOf(projectDir, dir) };
    }
    case 'git': {
      const { 'warn-unpinned': _, ...written } = spec.written;
      return { ...written, revision: spec.revision };
    }
    case 'hub':
      return { package: spec.package, version: spec.versions[0] };
    case 'tarball':
      return spec.written;
  }
}
