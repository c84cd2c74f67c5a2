import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type Environment, environmentOption } from './environment.ts';
import { readYaml } from './read-yaml.ts';
import type { SettingsOptions } from './settings.ts';

/** Names of a project's file; the first that is there counts. */
export const PROJECT_FILES: readonly string[] = ['velo_project.yml', 'dbt_project.yml'];

/** As much of a project file as tells where things are. */
export interface ProjectHead {
  /** Absolute. */
  readonly projectDir: string;
  /** Absolute. */
  readonly targetDir: string;
  readonly name: string;
  readonly profile: string | undefined;
}

/** Reads it unchecked, for those who are in a hurry. Undefined where there is none. @throws VeloErrors 'yaml-syntax' */
export function projectHead(
  options: Pick<SettingsOptions, 'projectDir' | 'targetPath'>,
  environment: Environment,
): ProjectHead | undefined {
  const option = (given: string | undefined, name: string) =>
    given ?? environmentOption(environment, name);
  const projectDir = resolve(option(options.projectDir, 'PROJECT_DIR') ?? '.');
  const file = PROJECT_FILES.map((name) => join(projectDir, name)).find(existsSync);
  if (file === undefined) return undefined;
  const { value } = readYaml(file, readFileSync(file, 'utf8'));
  const text = (key: string) => {
    const found = (value as Readonly<Record<string, unknown>> | null)?.[key];
    return typeof found === 'string' ? found : undefined;
  };
  const target = option(options.targetPath, 'TARGET_PATH') ?? text('target-path') ?? 'target';
  const targetDir = isAbsolute(target) ? target : join(projectDir, target);
  return { projectDir, targetDir, name: text('name') ?? '', profile: text('profile') };
}
