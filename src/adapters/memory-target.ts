type Settings = Readonly<Record<string, unknown>>;

/** The engine that runs within velo and needs no server. */
export const MEMORY_ENGINE = 'duckdb';

/** Keys of a target that speak of the engine and not of where the tables are. */
const KEPT = ['schema', 'threads', 'settings', 'extensions', 'memory_limit'];

/** The keys of an empty database in memory; of those of a target of the same engine what says how it works. */
export function memoryTarget(settings: Settings): Settings {
  const isSame = settings['type'] === MEMORY_ENGINE;
  const names = isSame ? KEPT : ['schema', 'threads'];
  const kept = names.flatMap((name) =>
    settings[name] === undefined ? [] : [[name, settings[name]] as const],
  );
  return { type: MEMORY_ENGINE, path: ':memory:', ...Object.fromEntries(kept) };
}
