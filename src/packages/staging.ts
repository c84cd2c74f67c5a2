import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MARKER_FILE } from './package-folder.ts';

/** A folder inside the install folder, on the same disk: what is complete there is put in place by a rename. */
export interface Staging {
  readonly dir: string;
  readonly installDir: string;
  /** A path in it that nobody has yet. */
  newPath(): string;
  /** Removes it with all that was not put in place; the install folder too when nothing is in it. */
  close(): Promise<void>;
}

const PREFIX = '.staging-';

/** Makes a staging folder and removes those of processes that were killed. */
export async function openStaging(installDir: string): Promise<Staging> {
  await mkdir(installDir, { recursive: true });
  await removeDead(installDir);
  const dir = await mkdtemp(join(installDir, `${PREFIX}${process.pid}-`));
  let count = 0;
  return {
    dir,
    installDir,
    newPath() {
      count += 1;
      return join(dir, String(count));
    },
    async close() {
      await rm(dir, { recursive: true, force: true });
      await rmdir(installDir).catch(() => undefined);
    },
  };
}

async function removeDead(installDir: string): Promise<void> {
  for (const name of await readdir(installDir)) {
    const [, pid] = /^\.staging-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(installDir, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Puts a complete folder in place of what is there; at no time is there half of one. */
export async function putInPlace(staging: Staging, dir: string, name: string): Promise<void> {
  const target = join(staging.installDir, name);
  if (existsSync(target)) await rename(target, staging.newPath());
  await rename(dir, target);
}

/** Takes away packages velo has installed that are not wanted any more; what others put there stays. */
export async function removeOthers(staging: Staging, wanted: ReadonlySet<string>): Promise<void> {
  for (const { name } of installedMarkers(staging.installDir)) {
    if (!wanted.has(name)) await rename(join(staging.installDir, name), staging.newPath());
  }
}

/** Folders of the install folder that velo has installed, with the text of their markers. */
export function installedMarkers(
  installDir: string,
): readonly { readonly name: string; readonly marker: string }[] {
  return readdirSync(installDir).flatMap((name) => {
    const file = join(installDir, name, MARKER_FILE);
    return existsSync(file) ? [{ name, marker: readFileSync(file, 'utf8') }] : [];
  });
}
