import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';

/** Where a project's files are. */
export const projectFolders = ({
  projectDir,
  targetDir,
}: Pick<Settings, 'projectDir' | 'targetDir'>) => ({
  projectDir,
  scriptCacheDir: join(targetDir, 'scripts'),
  unpackedDir: join(targetDir, 'unpacked'),
});
