import type { ProjectFile } from '../config/project-file.ts';
import { ConfigError, type VeloError, VeloErrors } from '../core/errors.ts';
import { DBT_VERSION, VELO_VERSION } from '../core/versions.ts';
import { fits, isRequirement, parseVersion } from '../packages/versions.ts';

const REQUIREMENTS = [
  { key: 'require-dbt-version', what: "dbt's grammar", version: DBT_VERSION },
  { key: 'require-velo-version', what: 'velo', version: VELO_VERSION },
] as const;

/**
 * What projects say of the versions they need, of velo and of the dbt whose projects it reads.
 * @throws VeloErrors of 'invalid-config', one for each that is not met
 */
export function checkVersions(projects: readonly ProjectFile[]): void {
  const errors = projects.flatMap((project) =>
    REQUIREMENTS.flatMap((requirement) => versionError(project, requirement) ?? []),
  );
  if (errors.length > 0) throw new VeloErrors(errors);
}

function versionError(
  { config, yaml }: ProjectFile,
  { key, what, version }: (typeof REQUIREMENTS)[number],
): VeloError | undefined {
  const given = config[key];
  if (given === undefined || given === null) return undefined;
  // dbt takes several in one text, too: ">=1.0.0,<2.0.0".
  const wanted = [given].flat().flatMap((text) => text.split(','));
  const running = parseVersion(version);
  if (!running || wanted.every((text) => isRequirement(text) && fits(running, [text]))) return;
  const bad = wanted.find((text) => !isRequirement(text));
  const message = bad
    ? `${key} '${bad}' is not a version`
    : `'${config.name}' needs ${key.slice('require-'.length)} ${wanted.join(', ')}: ${key} is not met by ${what} ${version}`;
  return new ConfigError('invalid-config', message, {
    span: yaml.spanOf([], key),
    hint: bad
      ? 'for example ">=1.8.0"'
      : 'use another version of it, or run with --no-version-check',
  });
}
