/** Keys of a target that templates may not see, whatever the adapter. */
const SECRET = /pass|token|secret|private|credential|\bkey\b|_key$|pwd/i;

/** Keys that may hold secrets somewhere within. */
const NESTED: ReadonlySet<string> = new Set(['secrets', 'attach', 'settings', 'config_options']);

/** A target's keys without its secrets, for `target` in templates. */
export function targetSettings(settings: unknown): Readonly<Record<string, unknown>> {
  if (typeof settings !== 'object' || settings === null) return {};
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !SECRET.test(name) && !NESTED.has(name)),
  );
}
