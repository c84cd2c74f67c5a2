import { availableParallelism, totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import * as z from 'zod';

export const MEMORY = ':memory:';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const attachment = z.strictObject({
  path: z.string().min(1),
  alias: z.string().min(1),
  read_only: z.boolean().default(false),
});

/** What a build leaves of the machine to others; beyond it DuckDB writes to its temp_directory. */
const MOST_MEMORY_MB = 3000;
const MEMORY_SHARE = 0.6;

const defaultMemoryLimit = (): string =>
  `${Math.floor(Math.min((totalmem() / 1e6) * MEMORY_SHARE, MOST_MEMORY_MB))}MB`;

const keys = z.strictObject({
  type: z.literal('duckdb'),
  path: z.string().min(1),
  schema: z.string().min(1).default('main'),
  database: z.string().min(1).optional(),
  threads: z.int().min(1).default(Math.min(4, availableParallelism())),
  settings: z.record(z.string(), scalar).default({}),
  extensions: z.array(z.string().min(1)).default([]),
  attach: z.array(attachment).default([]),
  memory_limit: z.string().min(1).default(defaultMemoryLimit),
  temp_directory: z.string().min(1).optional(),
});

const target = keys
  .refine(({ path, database }) => !database || database === databaseOf(path), {
    error: 'DuckDB names the database after its file',
    path: ['database'],
  })
  .transform((given) => ({ ...given, database: databaseOf(given.path) }));

/** A checked target; keys are spelled as in profiles.yml. `path` is `:memory:` or a file, relative to the working folder. */
export type DuckdbSettings = Readonly<z.infer<typeof target>>;

/** Relative paths count from `folder`; without it from where the process stands. @throws ZodError also for keys that do not exist. */
export function parseDuckdbSettings(input: unknown, folder?: string): DuckdbSettings {
  const settings = target.parse(input);
  return folder === undefined ? settings : below(folder, settings);
}

function below(folder: string, settings: DuckdbSettings): DuckdbSettings {
  const at = (path: string) => (path === MEMORY ? path : resolve(folder, path));
  const { path, attach, temp_directory: temporary } = settings;
  return {
    ...settings,
    path: at(path),
    attach: attach.map((one) => ({ ...one, path: at(one.path) })),
    ...(temporary === undefined ? {} : { temp_directory: at(temporary) }),
  };
}

/** Keys of a target, or of an entry of its `attach`. */
export const duckdbSettingKeys = ([head]: readonly string[]): readonly string[] =>
  head === undefined
    ? Object.keys(keys.shape)
    : head === 'attach'
      ? Object.keys(attachment.shape)
      : [];

/** Without the databases it is attached to: who opens them may keep others out. */
export const inMemory = (settings: DuckdbSettings): DuckdbSettings => ({
  ...settings,
  path: MEMORY,
  database: databaseOf(MEMORY),
  attach: [],
});

/** DuckDB's own rule: the file's name up to its first dot, with a suffix where that name is taken. */
function databaseOf(path: string): string {
  if (path === MEMORY) return 'memory';
  const stem = basename(path).split('.').find(Boolean) ?? basename(path);
  return ['main', 'temp', 'system'].includes(stem) ? `${stem}_db` : stem;
}

/** DuckDB writes to disk what does not fit, slowly: a statement should do with half of the memory. */
const BUDGET_SHARE = 0.5;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes a statement may take; undefined for a limit in no unit of bytes (`80%`). */
export function statementBudget({ memory_limit: limit }: DuckdbSettings): number | undefined {
  const match = /^([\d.]+)\s*([a-z]*)$/i.exec(limit.trim());
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  return match && unit !== undefined ? Number(match[1]) * unit * BUDGET_SHARE : undefined;
}
