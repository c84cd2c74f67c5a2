import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkYaml, readYaml } from '../config/read-yaml.ts';
import { ProjectError } from '../core/errors.ts';
import { type PackageSpec, withoutSecrets } from './package-spec.ts';

const PROJECT_FILES = ['velo_project.yml', 'dbt_project.yml'] as const;

export const hasProjectFile = (dir: string): boolean =>
  PROJECT_FILES.some((name) => existsSync(join(dir, name)));

const nameSchema = z.looseObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and underscores'),
});

/**
 * The name of the project in a folder. Only the name is checked: what else a package's file holds is
 * the project reader's to judge. @param shownDir the folder as messages show it
 * @throws ProjectError 'package-unavailable' when there is no project, VeloErrors of its file
 */
export function packageNameOf(dir: string, shownDir: string): string {
  const file = PROJECT_FILES.find((name) => existsSync(join(dir, name)));
  if (file === undefined) {
    throw new ProjectError('package-unavailable', `${shownDir} has no dbt_project.yml`, {
      hint: 'if the package is in a folder of its repository, name it: subdirectory',
    });
  }
  const yaml = readYaml(`${shownDir}/${file}`, readFileSync(join(dir, file), 'utf8'));
  return checkYaml(nameSchema, yaml.value ?? {}, yaml).name;
}

/** Stands in every installed package and says what it is, so that a changed lock is noticed. */
export const MARKER_FILE = '.velo-package.json';

/** What the marker of a locked package holds; never a password. */
export function markerText(spec: PackageSpec): string {
  return `${JSON.stringify(identityOf(spec))}\n`;
}

function identityOf(spec: PackageSpec): Readonly<Record<string, string | undefined>> {
  switch (spec.kind) {
    case 'local':
      return { local: spec.path };
    case 'git':
      return {
        git: withoutSecrets(spec.url),
        revision: spec.revision,
        subdirectory: spec.subdirectory,
      };
    case 'hub':
      return { package: spec.package, version: spec.versions[0] };
    case 'tarball':
      return { tarball: withoutSecrets(spec.url), subdirectory: spec.subdirectory };
  }
}
