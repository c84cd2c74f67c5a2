import { rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { type ApiOptions, loadTarget } from './load-project.ts';

/** Removes the folders of `clean-targets`, by default the target folder; all must lie inside the project. @throws ConfigError */
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
  return folders.map((folder) => relative(projectDir, folder));
}
