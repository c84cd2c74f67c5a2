import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { checkYaml, readYaml, type YamlFile } from './read-yaml.ts';

const paths = (folder: string) => z.array(z.string()).default([folder]);
const tree = z.record(z.string(), z.unknown()).nullish();

/** The keys of velo_project.yml, dbt_project.yml's own. Config trees are checked where they are applied. */
const projectSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'must be letters, digits and underscores'),
  version: z.union([z.string(), z.number()]).optional(),
  'config-version': z.literal(2).optional(),
  profile: z.string().optional(),
  timezone: z.string().default('UTC'),
  'model-paths': paths('models'),
  'macro-paths': paths('macros'),
  'seed-paths': paths('seeds'),
  'test-paths': paths('tests'),
  'target-path': z.string().optional(),
  'clean-targets': z.array(z.string()).optional(),
  vars: z.record(z.string(), z.unknown()).nullish(),
  models: tree,
  seeds: tree,
  tests: tree,
  data_tests: tree,
  sources: tree,
});

export type ProjectConfig = z.output<typeof projectSchema>;

export interface ProjectFile {
  readonly yaml: YamlFile;
  readonly config: ProjectConfig;
}

const FILE_NAMES = ['velo_project.yml', 'dbt_project.yml'];

/** Reads the project file of a folder. @throws ConfigError, VeloErrors */
export function readProjectFile(projectDir: string): ProjectFile {
  const file = FILE_NAMES.find((name) => existsSync(join(projectDir, name)));
  if (file === undefined) {
    throw new ConfigError('project-not-found', `${projectDir} has no velo_project.yml`, {
      hint: 'run velo in the folder of a project, name it with --project-dir, or make one: velo init',
    });
  }
  const yaml = readYaml(file, readFileSync(join(projectDir, file), 'utf8'));
  return { yaml, config: checkYaml(projectSchema, yaml.value ?? {}, yaml) };
}
