import type { ContextScope } from '../jinja/contexts/base-context.ts';

/** A scope that notes what is read of it, so that a later run can tell whether it would read the same. */
export interface RecordedScope {
  readonly scope: ContextScope;
  /** The environment variables that were read; null for those that were not set. */
  environment(): Readonly<Record<string, string | null>>;
  /** Whether something was read that is new in every run, such as its id. */
  isRunDependent(): boolean;
}

export function recordEnvironment(scope: ContextScope): RecordedScope {
  const read = new Map<string, string | null>();
  let runDependent = false;
  return {
    environment: () => Object.fromEntries(read),
    isRunDependent: () => runDependent,
    scope: {
      ...scope,
      readEnvironment(name) {
        const value = scope.readEnvironment(name);
        read.set(name, value ?? null);
        return value;
      },
      readRun(key) {
        runDependent = true;
        return scope.readRun(key);
      },
      readFlags() {
        runDependent = true;
        return scope.readFlags?.() ?? { which: '', flags: {}, args: {} };
      },
      warn(message, span) {
        // A warning must be given every time, so the files are read every time.
        runDependent = true;
        scope.warn(message, span);
      },
    },
  };
}
