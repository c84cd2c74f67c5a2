import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { EarlierRun } from '../graph/methods.ts';
import type { LoadedProject } from './load-project.ts';

/** What is in sources.json of each source; the instant as Python writes it. */
interface SeenSource {
  readonly unique_id: string;
  /** Absent where it could not be found out. */
  readonly max_loaded_at?: string;
}

/** What an earlier run left in a folder, beside what the last one has left in the target folder. */
export const earlierRun = (
  folder: string,
  { settings }: Pick<LoadedProject, 'settings'>,
): EarlierRun => ({
  fresherSources() {
    const before = new Map(seenSources(folder).map((one) => [one.unique_id, one]));
    const fresher = seenSources(settings.targetDir).filter((now) => {
      const then = before.get(now.unique_id)?.max_loaded_at;
      if (now.max_loaded_at === undefined) return false;
      return then === undefined || Date.parse(now.max_loaded_at) > Date.parse(then);
    });
    return new Set(fresher.map((one) => one.unique_id));
  },
});

function seenSources(folder: string): readonly SeenSource[] {
  const file = join(folder, 'sources.json');
  try {
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly results: readonly SeenSource[];
    };
    return results;
  } catch (error) {
    throw new ConfigError('file-unreadable', `${file} cannot be read`, {
      hint: 'velo source freshness writes sources.json into the target folder: keep a copy of the earlier one',
      cause: error,
    });
  }
}
