import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes each value as JSON into `targetDir`, which is made when it is missing. A reader sees the old file or the new
 * one, never a part: each is written beside its place and then renamed.
 * @throws what the file system says; the old files then still stand
 */
export async function writeArtifacts(
  targetDir: string,
  files: Readonly<Record<string, unknown>>,
): Promise<void> {
  await mkdir(targetDir, { recursive: true });
  await Promise.all(
    Object.entries(files).map(([name, content]) =>
      replaceFile(join(targetDir, name), JSON.stringify(content)),
    ),
  );
}

async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(aside, text);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
