import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isResumable, type SearchState, type Trial } from '../search/search.ts';

/** Among the folders of models; its name is no model's. */
const FOLDER = '.searches';

const schema = z.object({
  trials: z.array(
    z.strictObject({
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      value: z.number().nullable(),
      seconds: z.number().nonnegative(),
    }),
  ),
});

/** A search that outlives its run: the trials of one name and question. */
export interface SearchStore {
  /** Trials that were finished before, of this declaration; none, and `damaged` called, where they cannot be read. */
  load(
    declared: Omit<SearchState, 'trials'>,
    damaged: (file: string) => void,
  ): Promise<readonly Trial[]>;
  /** Whole or not at all: a killed run leaves what was there before. */
  save(state: SearchState): Promise<void>;
}

/** `key`: of everything a trial's value depends on. */
export function searchStore(artifactsDir: string, name: string, key: string): SearchStore {
  const folder = join(artifactsDir, FOLDER);
  const file = join(folder, `${name}-${key}.json`);
  return {
    async load(declared, damaged) {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) return [];
      const stored = parsed(text);
      if (stored && isResumable(stored, declared)) return stored.trials;
      damaged(file);
      return [];
    },
    async save(state) {
      await mkdir(folder, { recursive: true });
      const aside = `${file}.${randomBytes(4).toString('hex')}`;
      await writeFile(aside, `${JSON.stringify(state, null, 1)}\n`, { flush: true });
      await rename(aside, file);
    },
  };
}

function parsed(text: string): SearchState | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return schema.safeParse(content).success ? (content as SearchState) : undefined;
  } catch {
    return undefined;
  }
}

/** A search that is going on was written to since. */
const SETTLED_MS = 24 * 3_600_000;

/** Removes searches nobody has gone on with for a day. Returns how many. */
export async function removeOldSearches(artifactsDir: string): Promise<number> {
  const folder = join(artifactsDir, FOLDER);
  const files = await readdir(folder).catch(() => []);
  let removed = 0;
  for (const file of files) {
    const { mtimeMs } = await stat(join(folder, file));
    if (Date.now() - mtimeMs <= SETTLED_MS) continue;
    await rm(join(folder, file), { force: true });
    removed += 1;
  }
  return removed;
}
