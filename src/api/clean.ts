import { readdir, rm, rmdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { type ApiOptions, loadTarget } from './load-project.ts';

/** Removes the folders of `clean-targets`, by default the target folder, and velo's logs; all must lie inside the project. @throws ConfigError */
export async function clean(options: ApiOptions): Promise<readonly string[]> {
  const { settings } = await loadTarget(options);
  const { projectDir, targetDir, project } = settings;
  const named = project.config['clean-targets']?.map((path) => resolve(projectDir, path));
  const folders = named ?? [targetDir];
  const sources = ['model-paths', 'macro-paths', 'seed-paths', 'test-paths'] as const;
  const kept = sources.flatMap((key) =>
    project.config[key].map((path) => resolve(projectDir, path)),
  );
  for (const folder of folders) {
    const inner = relative(projectDir, folder);
    const outside = inner === '' || inner.startsWith('..');
    if (!outside && !kept.includes(folder)) continue;
    throw new ConfigError('usage', `velo clean does not remove ${folder}`, {
      hint: 'clean-targets may only name folders inside the project that hold nothing of it',
    });
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await removeLogs(join(projectDir, 'logs'));
  return folders.map((folder) => relative(projectDir, folder));
}

/** velo's own, where it writes them unasked; the folder goes when nothing else is in it. */
async function removeLogs(folder: string): Promise<void> {
  const found = await readdir(folder).catch(() => []);
  const own = found.filter((name) => /^velo\.log(?:\.\d+)?$/.test(name));
  for (const name of own) await rm(join(folder, name), { force: true });
  if (own.length > 0 && own.length === found.length) await rmdir(folder);
}
