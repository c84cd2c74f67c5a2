import { link, rename, rm, stat } from 'node:fs/promises';
import type { Driver } from './connection.ts';

/**
 * Makes a database file where there is none, whole or not at all: DuckDB writes the head of a new file in several
 * steps, and one killed between them leaves a file that nobody can open. What goes wrong is left to DuckDB to say when
 * it opens the path.
 */
export async function createFile(driver: Driver, path: string): Promise<void> {
  if (await exists(path)) return;
  const aside = `${path}.${process.pid}.new`;
  try {
    const instance = await driver.DuckDBInstance.create(aside, { access_mode: 'READ_WRITE' });
    instance.closeSync();
    await publish(aside, path);
  } catch {
    // No folder, no permission, no room, or another process was quicker.
  } finally {
    for (const left of [aside, `${aside}.wal`]) await rm(left, { force: true });
  }
}

/** A link never replaces the file of a process that was quicker; not every file system has them. */
async function publish(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if (!(await exists(path))) await rename(aside, path);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
