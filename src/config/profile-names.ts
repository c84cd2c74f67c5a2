import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Environment, environmentOption } from './environment.ts';
import { fromFolder } from './from-folder.ts';
import { readYaml } from './read-yaml.ts';

interface ProfilesPlace {
  readonly cwd: string | undefined;
  readonly projectDir: string;
  readonly profilesDir: string | undefined;
  readonly environment: Environment;
}

/** Where profiles.yml is looked for, one after the other. */
export function profileFolders({
  cwd,
  projectDir,
  profilesDir,
  environment,
}: ProfilesPlace): readonly string[] {
  const named = profilesDir ?? environmentOption(environment, 'PROFILES_DIR');
  return named ? [fromFolder(cwd, named)] : [projectDir, join(homeOf(environment), '.dbt')];
}

/** Where the system says, unless the environment that was given says otherwise. */
const homeOf = (environment: Environment): string =>
  environment[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();

/** Names of the targets of each profile, of the first folder that has profiles.yml. @throws ConfigError, VeloErrors */
export function targetNames(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const file = folders.map((folder) => join(folder, 'profiles.yml')).find(existsSync);
  if (file === undefined) return new Map();
  const { value } = readYaml(file, readFileSync(file, 'utf8'));
  const profiles = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
  return new Map(
    profiles
      .filter(([name]) => name !== 'config')
      .map(([name, profile]) => {
        const { outputs } = (profile ?? {}) as { readonly outputs?: object | null };
        return [name, Object.keys(outputs ?? {})];
      }),
  );
}
