import type { ContextScope } from '../jinja/contexts/base-context.ts';

/** A scope that notes what is read of it, so that a later run can tell whether it would read the same. */
export interface RecordedScope {
  readonly scope: ContextScope;
  /** The environment variables that were read; null for those that were not set. */
  environment(): Readonly<Record<string, string | null>>;
}

/** @param onFresh called when something is read that is new in every run, such as its id, or is said to the user */
export function recordEnvironment(scope: ContextScope, onFresh: () => void): RecordedScope {
  const read = new Map<string, string | null>();
  return {
    environment: () => Object.fromEntries(read),
    scope: {
      ...scope,
      readEnvironment(name) {
        const value = scope.readEnvironment(name);
        read.set(name, value ?? null);
        return value;
      },
      readRun(key) {
        onFresh();
        return scope.readRun(key);
      },
      readFlags() {
        onFresh();
        return scope.readFlags?.() ?? { which: '', flags: {}, args: {} };
      },
      warn(message, span) {
        // A warning must be given every time, so the file is read every time.
        onFresh();
        scope.warn(message, span);
      },
    },
  };
}
