import type { ProjectFile } from '../config/project-file.ts';
import type { Manifest } from '../core/node.ts';
import { unusedConfig } from '../project/unused-config.ts';
import type { Warn } from './warn.ts';

/** Tells of places of the project file that no node is below. */
export function warnOfUnusedConfig(project: ProjectFile, manifest: Manifest, warn: Warn): void {
  const unused = unusedConfig(project, manifest);
  if (unused.length === 0) return;
  const places = unused.map(({ path, span }) => `\n- ${path} (line ${span.line})`).join('');
  const count = unused.length === 1 ? 'is 1 unused path' : `are ${unused.length} unused paths`;
  const message = `${project.yaml.file} has settings for no resource: there ${count}${places}`;
  warn(message, unused[0]?.span);
}
