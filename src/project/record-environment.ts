import type { ProjectWarning } from '../core/node.ts';
import type { ContextScope } from '../jinja/contexts/base-context.ts';

/** A scope that notes what is read of it, so that a later run can tell whether it would read the same. */
export interface RecordedScope {
  readonly scope: ContextScope;
  /** The environment variables that were read; null for those that were not set. */
  environment(): Readonly<Record<string, string | null>>;
  /** What was warned of, each message once. They are kept with the manifest and told when it is used. */
  warnings(): readonly ProjectWarning[];
}

/** @param onFresh called when something is read that is new in every run, such as its id */
export function recordEnvironment(scope: ContextScope, onFresh: () => void): RecordedScope {
  const read = new Map<string, string | null>();
  const warnings = new Map<string, ProjectWarning>();
  return {
    warnings: () => [...warnings.values()],
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
      warn(message, span, name) {
        if (!warnings.has(message)) warnings.set(message, { message, span, name });
      },
    },
  };
}
