import { isAbsolute, join } from 'node:path';
import type { Settings } from '../config/settings.ts';

type Places = Pick<Settings, 'projectDir' | 'targetDir' | 'project'>;

/** Where a project's files are. */
export const projectFolders = (settings: Places) => ({
  projectDir: settings.projectDir,
  scriptCacheDir: join(settings.targetDir, 'scripts'),
  artifactsDir: artifactsDir(settings),
  unpackedDir: join(settings.targetDir, 'unpacked'),
});

/** Where trained models are kept: `artifacts-path` of the project file. */
export function artifactsDir({ projectDir, project }: Omit<Places, 'targetDir'>): string {
  const path = project.config['artifacts-path'] ?? 'artifacts';
  return isAbsolute(path) ? path : join(projectDir, path);
}
