import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { PROJECT_FILES } from './project-head.ts';
import { type ProjectYaml, projectSchema } from './project-schema.ts';
import { readText } from './read-text.ts';
import { checkYaml, readYaml, type YamlFile } from './read-yaml.ts';
import { varsSchema } from './vars-schema.ts';

/** The project file with dbt's defaults for what it leaves out. */
export type ProjectConfig = Omit<ProjectYaml, 'profile'> & {
  readonly profile: string | undefined;
  readonly timezone: string;
  readonly 'model-paths': readonly string[];
  readonly 'macro-paths': readonly string[];
  readonly 'seed-paths': readonly string[];
  readonly 'test-paths': readonly string[];
  readonly 'snapshot-paths': readonly string[];
  readonly 'analysis-paths': readonly string[];
  readonly 'function-paths': readonly string[];
};

export interface ProjectFile {
  /** False: it is dbt's, and what dbt takes without a word velo takes with a warning. */
  readonly isVelo: boolean;
  readonly yaml: YamlFile;
  readonly config: ProjectConfig;
}

/**
 * Reads the project file of a folder; `shownPath` is the folder as messages name it, empty for the project's own.
 * @throws ConfigError, VeloErrors
 */
export function readProjectFile(projectDir: string, shownPath = ''): ProjectFile {
  const file = PROJECT_FILES.find((name) => existsSync(join(projectDir, name)));
  if (file === undefined) {
    throw new ConfigError('project-not-found', `${projectDir} has no velo_project.yml`, {
      hint: 'run velo in the folder of a project, name it with --project-dir, or make one: velo init',
    });
  }
  const shown = shownPath === '' ? file : `${shownPath}/${file}`;
  const yaml = readYaml(shown, readText(join(projectDir, file), shown));
  const isVelo = file === PROJECT_FILES[0];
  const config = withDefaults(checkYaml(projectSchema, yaml.value ?? {}, yaml));
  const vars = readVarsFile(projectDir, shownPath, { yaml, config });
  return { yaml, isVelo, config: vars ? { ...config, vars } : config };
}

const VARS_FILE = 'vars.yml';

/** The variables of vars.yml, which stands beside a project file without any. @throws ConfigError, VeloErrors */
function readVarsFile(
  projectDir: string,
  shownPath: string,
  { yaml, config }: Pick<ProjectFile, 'yaml' | 'config'>,
): ProjectConfig['vars'] {
  const path = join(projectDir, VARS_FILE);
  if (!existsSync(path)) return undefined;
  const shown = shownPath === '' ? VARS_FILE : `${shownPath}/${VARS_FILE}`;
  const own = readYaml(shown, readText(path, shown));
  const { vars } = checkYaml(varsSchema, own.value ?? {}, own);
  if (!vars || !config.vars) return vars;
  throw new ConfigError('invalid-config', `variables stand in ${yaml.file} and in ${shown}`, {
    span: yaml.spanOf([], 'vars'),
    hint: 'keep them in one of the two',
  });
}

const withDefaults = (given: ProjectYaml): ProjectConfig => ({
  ...given,
  profile: given.profile ?? undefined,
  timezone: given.timezone ?? 'UTC',
  'model-paths': given['model-paths'] ?? given['source-paths'] ?? ['models'],
  'macro-paths': given['macro-paths'] ?? ['macros'],
  'seed-paths': given['seed-paths'] ?? given['data-paths'] ?? ['seeds'],
  'test-paths': given['test-paths'] ?? ['tests'],
  'snapshot-paths': given['snapshot-paths'] ?? ['snapshots'],
  'analysis-paths': given['analysis-paths'] ?? ['analyses'],
  'function-paths': given['function-paths'] ?? ['functions'],
});
