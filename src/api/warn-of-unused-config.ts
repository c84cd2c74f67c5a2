import type { ProjectFile } from '../config/project-file.ts';
import type { Manifest } from '../core/node.ts';
import { unusedConfig } from '../project/unused-config.ts';
import type { Warn } from './warn.ts';

/** Tells, in dbt's words, of places of the project file that no node is below. */
export function warnOfUnusedConfig(project: ProjectFile, manifest: Manifest, warn: Warn): void {
  const unused = unusedConfig(project, manifest);
  if (unused.length === 0) return;
  const { file } = project.yaml;
  const message = [
    `Configuration paths exist in your ${file} file which do not apply to any resources.`,
    `There are ${unused.length} unused configuration paths:`,
    ...unused.map(({ path }) => `- ${path}`),
  ].join('\n');
  warn(message, unused[0]?.span, 'UnusedResourceConfigPath');
}
