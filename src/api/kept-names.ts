import { type Environment, environmentOption } from '../config/environment.ts';
import { profileFolders, targetNames } from '../config/profile-names.ts';
import { projectHead } from '../config/project-head.ts';
import type { SettingsOptions } from '../config/settings.ts';
import type { Manifest } from '../core/node.ts';
import { RESOURCE_KINDS } from '../core/resource-kinds.ts';
import { keptManifest } from '../project/cache/kept-manifest.ts';

/** Names somebody may type, as of when the project was last read; none where it never was. */
export interface KeptNames {
  readonly manifest: Manifest | undefined;
  /** Kinds that `--resource-type` takes. */
  kinds(): readonly string[];
  /** By profile: its targets. */
  targets(): readonly string[];
  profiles(): readonly string[];
}

/** Reads no file of the project but its settings. Never fails: what cannot be read has no names. */
export function keptNames(options: SettingsOptions, environment: Environment): KeptNames {
  const found = unlessFaulty(() => projectHead(options, environment));
  const targetsOf = () => {
    if (!found) return new Map<string, readonly string[]>();
    const { projectDir } = found;
    const { cwd, profilesDir } = options;
    const folders = profileFolders({ cwd, projectDir, profilesDir, environment });
    return unlessFaulty(() => targetNames(folders)) ?? new Map<string, readonly string[]>();
  };
  return {
    manifest: found && keptManifest(found.targetDir),
    kinds: () => [...RESOURCE_KINDS, 'all', 'default'],
    profiles: () => [...targetsOf().keys()],
    targets() {
      const { profile, name = '' } = found ?? {};
      const named = options.profile ?? environmentOption(environment, 'PROFILE') ?? profile;
      const targets = targetsOf().get(named ?? name) ?? [];
      return named === undefined ? [...new Set(['dev', ...targets])] : targets;
    },
  };
}

function unlessFaulty<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
