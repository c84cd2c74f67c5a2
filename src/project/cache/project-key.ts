import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../config/settings.ts';
import { hashOf } from '../../core/fingerprint.ts';
import type { ContextScope } from '../../jinja/contexts/base-context.ts';
import type { ProjectPackage } from '../project-packages.ts';
import { fileState } from './file-states.ts';

/** What all files of a project are read in the light of, besides the environment; and velo itself. */
export function projectKey(
  settings: Settings,
  scope: ContextScope,
  packages: readonly ProjectPackage[],
): string {
  const projects = packages.map(({ name, project, shownPath }) => [
    name,
    shownPath,
    project.isVelo,
    project.yaml.text,
  ]);
  const selectors = fileState(join(settings.projectDir, 'selectors.yml'));
  const reader = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  return hashOf([reader, scope.vars, scope.target ?? null, selectors, projects]);
}
