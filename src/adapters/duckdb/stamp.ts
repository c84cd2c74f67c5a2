import { stat } from 'node:fs/promises';
import { type DuckdbSettings, MEMORY } from './settings.ts';

/**
 * Identity, size and time of the database's files and their write-ahead logs, which DuckDB touches at every commit.
 * Undefined in memory, and when something that is not a file of this machine is attached.
 */
export async function stampOf(settings: DuckdbSettings): Promise<string | undefined> {
  const paths = [settings.path, ...settings.attach.map(({ path }) => path)];
  if (paths.some((path) => path === MEMORY || /^\w{2,}:/.test(path))) return undefined;
  const files = paths.flatMap((path) => [path, `${path}.wal`]);
  return (await Promise.all(files.map(stampOfFile))).join(' ');
}

async function stampOfFile(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch {
    return 'none'; // opening the database says why it cannot be read
  }
}
