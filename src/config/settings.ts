import { isAbsolute, join, resolve } from 'node:path';
import { type Environment, environmentOption, environmentVariable } from './environment.ts';
import { type Flags, type GivenFlags, readFlags } from './flags.ts';
import { loadTarget, type Target } from './profile.ts';
import { type ProjectFile, readProjectFile } from './project-file.ts';
import type { YamlFile, YamlPath } from './read-yaml.ts';
import { parseVars, type Vars, varsOf } from './vars.ts';

/** What the command line says about where and with what to run; every use case takes it. */
export interface SettingsOptions {
  /** Folder that relative paths count from, those of the environment and of a DuckDB target too; the process's when absent. */
  readonly cwd?: string | undefined;
  readonly projectDir?: string | undefined;
  readonly profilesDir?: string | undefined;
  readonly profile?: string | undefined;
  readonly target?: string | undefined;
  readonly targetPath?: string | undefined;
  /** By name, or as the YAML text of --vars. */
  readonly vars?: string | Vars | undefined;
  readonly threads?: number | undefined;
  readonly globalFlags?: GivenFlags | undefined;
}

/** Everything that is decided before the project's files are read. */
export interface Settings {
  /** Absolute. */
  readonly projectDir: string;
  /** Absolute; artifacts, compiled SQL, caches and the default database go there. */
  readonly targetDir: string;
  readonly project: ProjectFile;
  readonly target: Target;
  readonly commandLineVars: Vars;
  /** Vars as the project's own files see them. */
  readonly vars: Vars;
  readonly environment: Environment;
  readonly threads: number | undefined;
  readonly flags: Flags;
}

/** Turns YAML values that hold templates into values; `vars` and the environment are all they see. */
export type RenderYaml = (
  value: unknown,
  yaml: YamlFile,
  at: YamlPath,
  scope: {
    readonly vars: Vars;
    readEnvironment(name: string): string | undefined;
  },
) => Promise<unknown>;

/** Where a project is, and its file: known without a profile. @throws ConfigError, VeloErrors */
export function findProject(
  options: Pick<SettingsOptions, 'cwd' | 'projectDir' | 'targetPath'>,
  environment: Environment,
): Pick<Settings, 'projectDir' | 'targetDir' | 'project'> {
  const option = (given: string | undefined, name: string) =>
    given ?? environmentOption(environment, name);
  const projectDir = resolve(options.cwd ?? '', option(options.projectDir, 'PROJECT_DIR') ?? '.');
  const project = readProjectFile(projectDir);
  const given = option(options.targetPath, 'TARGET_PATH') ?? project.config['target-path'];
  const targetPath = given ?? 'target';
  const targetDir = isAbsolute(targetPath) ? targetPath : join(projectDir, targetPath);
  return { projectDir, targetDir, project };
}

/** @throws ConfigError, VeloErrors */
export async function loadSettings(
  options: SettingsOptions,
  environment: Environment,
  renderYaml: RenderYaml,
): Promise<Settings> {
  const { projectDir, targetDir, project } = findProject(options, environment);
  const { config } = project;
  const flags = readFlags(options.globalFlags ?? {}, environment, project);
  const commandLineVars = parseVars(options.vars ?? {});
  const vars = varsOf(config.name, config.vars ?? {}, commandLineVars);
  const profile = options.profile ?? environmentOption(environment, 'PROFILE');
  const target = await loadTarget({
    cwd: options.cwd,
    projectDir,
    profile: profile ?? config.profile,
    projectName: config.name,
    profileSpan: profile === undefined ? project.yaml.spanOf([], 'profile') : undefined,
    target: options.target,
    profilesDir: options.profilesDir,
    environment,
    defaultPath: join(targetDir, `${config.name}.duckdb`),
    render: (value, yaml, at) =>
      renderYaml(value, yaml, at, {
        vars,
        readEnvironment: (name) => environmentVariable(environment, name),
      }),
  });
  return {
    projectDir,
    targetDir,
    project,
    target,
    commandLineVars,
    vars,
    environment,
    threads: options.threads,
    flags,
  };
}
