import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { type Environment, environmentOption } from './environment.ts';
import { profileFolders } from './profile-names.ts';
import { checkYaml, readYaml, type YamlFile, type YamlPath } from './read-yaml.ts';

/** One output of a profile: which adapter, and the adapter's own keys. */
export interface Target {
  readonly profileName: string;
  readonly name: string;
  readonly adapter: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where a key of the target stands, for errors of the adapter's own check. */
  spanOf(path: YamlPath, key?: string): Span | undefined;
}

export interface ProfileRequest {
  /** Folder that a relative profiles-dir counts from; the process's when undefined. */
  readonly cwd: string | undefined;
  readonly projectDir: string;
  /** Name from --profile or the project file; undefined: the built-in one, or another target of the namesake. */
  readonly profile: string | undefined;
  readonly projectName: string;
  /** Where the project file names it; undefined when a flag does. */
  readonly profileSpan: Span | undefined;
  readonly target: string | undefined;
  readonly profilesDir: string | undefined;
  readonly environment: Environment;
  /** Database file of the built-in profile. */
  readonly defaultPath: string;
  /** Renders the templates of a profile's values. */
  render(value: unknown, yaml: YamlFile, at: YamlPath): Promise<unknown>;
}

const profileSchema = z.strictObject({
  target: z.string().optional(),
  outputs: z.record(z.string(), z.looseObject({ type: z.string() })),
});

/** The target to build in: from profiles.yml, or DuckDB in the target folder when the project names no profile. */
export async function loadTarget(request: ProfileRequest): Promise<Target> {
  if (request.profile === undefined) {
    const profile = namesake(request);
    return profile === undefined ? builtInTarget(request) : loadTarget({ ...request, profile });
  }
  const yaml = readProfiles(request);
  const profiles = (yaml.value ?? {}) as Readonly<Record<string, unknown>>;
  const found = profiles[request.profile];
  if (found === undefined) {
    const known = Object.keys(profiles).filter((name) => name !== 'config');
    throw new ConfigError('profile-not-found', `${yaml.file} has no profile '${request.profile}'`, {
      span: request.profileSpan,
      hint: didYouMean(request.profile, known) ?? `it has: ${known.join(', ') || 'none'}`,
    });
  }
  return chooseOutput(request, request.profile, found, yaml);
}

/** The project's name, if the target asked for is not the built-in one and profiles.yml has a profile of that name. */
function namesake(request: ProfileRequest): string | undefined {
  const { target, projectName } = request;
  if (target === undefined || target === BUILT_IN) return undefined;
  if (profilesFolder(request) === undefined) return undefined;
  const profiles = (readProfiles(request).value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(profiles, projectName) ? projectName : undefined;
}

const BUILT_IN = 'dev';

function builtInTarget({ target, defaultPath }: ProfileRequest): Target {
  if (target !== undefined && target !== BUILT_IN) {
    throw new ConfigError('target-not-found', `the built-in profile has no target '${target}'`, {
      hint: "its only target is 'dev'; others are those of a profile in profiles.yml that velo_project.yml names, or that has the project's name",
    });
  }
  const settings = { type: 'duckdb', path: defaultPath };
  return {
    profileName: 'built-in',
    name: BUILT_IN,
    adapter: 'duckdb',
    settings,
    spanOf: () => undefined,
  };
}

async function chooseOutput(
  { target, environment, render }: ProfileRequest,
  profileName: string,
  found: unknown,
  yaml: YamlFile,
): Promise<Target> {
  const head = found as { target?: unknown; outputs?: Record<string, unknown> } | null;
  const asked = target ?? environmentOption(environment, 'TARGET');
  const name = String(
    asked ?? (await render(head?.target, yaml, [profileName, 'target'])) ?? 'default',
  );
  const output = ownOutput(head?.outputs, name);
  const path: YamlPath = [profileName, 'outputs', name];
  // Only the chosen output is rendered: the others may need variables that are not set here.
  const rendered = output === undefined ? undefined : await render(output, yaml, path);
  const outputs = rendered === undefined ? {} : { [name]: rendered };
  const shown = { ...head, target: name, outputs };
  const checked = checkYaml(profileSchema, head?.outputs ? shown : found, yaml, [profileName]);
  const settings = ownOutput(checked.outputs, name);
  if (!settings) {
    const known = Object.keys(head?.outputs ?? {});
    throw new ConfigError('target-not-found', `profile '${profileName}' has no target '${name}'`, {
      span: yaml.spanOf([profileName, 'outputs']),
      hint: didYouMean(name, known) ?? `it has: ${known.join(', ') || 'none'}`,
    });
  }
  return {
    profileName,
    name,
    adapter: settings.type,
    settings,
    spanOf: (inner, key) => yaml.spanOf([...path, ...inner], key),
  };
}

const profilesFolder = (request: ProfileRequest): string | undefined =>
  profileFolders(request).find((candidate) => existsSync(join(candidate, 'profiles.yml')));

function readProfiles(request: ProfileRequest): YamlFile {
  const { projectDir, profile } = request;
  const folder = profilesFolder(request);
  if (folder === undefined) {
    const places = profileFolders(request)
      .map((candidate) => join(candidate, 'profiles.yml'))
      .join(' or ');
    throw new ConfigError(
      'profile-not-found',
      `profile '${profile}' is named, but there is no ${places}`,
      {
        span: request.profileSpan,
        hint: "write one, name its folder with --profiles-dir, or take 'profile' out of the project file to use DuckDB",
      },
    );
  }
  const file = join(folder, 'profiles.yml');
  const shown = folder === projectDir ? 'profiles.yml' : file;
  return readYaml(shown, readFileSync(file, 'utf8'));
}

/** A target of the name given, not what all objects have under it. */
const ownOutput = <T>(outputs: Readonly<Record<string, T>> | null | undefined, name: string) =>
  outputs && Object.hasOwn(outputs, name) ? outputs[name] : undefined;
