import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** Writes a project of `models` models into an empty folder; the same files on every call. */
export async function generateProject(folder: string, models: number): Promise<void> {
  const made = new Set<string>();
  for (const { path, text } of generatedFiles(models)) {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!made.has(parent)) await mkdir(parent, { recursive: true });
    made.add(parent);
    await writeFile(file, text);
  }
}
