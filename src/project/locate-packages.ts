import { type Environment, environmentVariable } from '../config/environment.ts';
import type { Vars } from '../config/vars.ts';
import { findPackages, type PackagePlace, type PackagesConfig } from '../packages/find-packages.ts';
import type { RenderPackages } from '../packages/read-package-list.ts';

/** What the lists of packages are read with. */
export interface PackagesRequest {
  /** Absolute. */
  readonly projectDir: string;
  readonly config: PackagesConfig;
  readonly vars: Vars;
  readonly environment: Environment;
}

/**
 * The packages of a project, found on the disk; the template language is loaded only when a list has templates.
 * @throws ConfigError 'packages-missing' when `velo deps` has to run first; VeloErrors of the lists
 */
export async function locatePackages(request: PackagesRequest): Promise<readonly PackagePlace[]> {
  const { projectDir, config } = request;
  let templates = false;
  const look: RenderPackages = (value) => {
    templates ||= /\{\{|\{%|\{#/.test(JSON.stringify(value));
    return value;
  };
  try {
    const found = findPackages(projectDir, config, look);
    if (!templates) return found;
  } catch (error) {
    if (!templates) throw error;
  }
  return findPackages(projectDir, config, await packageRenderer(request));
}

/** Renders lists of packages: they see `var` and `env_var`. */
export async function packageRenderer({
  vars,
  environment,
}: Pick<PackagesRequest, 'vars' | 'environment'>): Promise<RenderPackages> {
  const { renderYamlValue } = await import('./render-yaml.ts');
  const { settingsNames } = await import('../jinja/contexts/base-context.ts');
  const names = settingsNames({
    vars,
    readEnvironment: (name) => environmentVariable(environment, name),
  });
  return (value, yaml, at) => renderYamlValue(value, yaml, at, names);
}
