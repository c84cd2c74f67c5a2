/** The process environment as plain data. The rest of velo never reads process.env. */
export type Environment = Readonly<Record<string, string>>;

export function readEnvironment(): Environment {
  // biome-ignore lint/style/noProcessEnv: this is the one place that reads it
  return { ...process.env } as Environment;
}

/** A variable by the name a project gives: only what is set counts, and nothing that all objects have. */
export function environmentVariable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/** An environment value of velo, or of dbt under its prefixes: VELO_TARGET_PATH, DBT_ENGINE_TARGET_PATH, then DBT_TARGET_PATH. */
export function environmentOption(environment: Environment, name: string): string | undefined {
  const [own, engine, plain] = ['VELO_', 'DBT_ENGINE_', 'DBT_'].map(
    (prefix) => environment[prefix + name],
  );
  return own || engine || plain || undefined;
}

/**
 * Tells OpenMP, which reads the environment when it is loaded, to let idle threads sleep: by default they spin and take the processor
 * from the others. What somebody has set stays.
 */
export function calmOpenMp(): void {
  // biome-ignore lint/style/noProcessEnv: a C library reads it, there is no other way to tell it
  process.env['OMP_WAIT_POLICY'] ??= 'passive';
}
