import type { Environment } from '../config/environment.ts';
import type { Lightgbm } from '../lightgbm/open-lightgbm.ts';

/** What estimators share in a run. */
export interface EstimatorTools {
  /** LightGBM's thread, started when it is first asked for. @throws ConfigError 'lightgbm-missing' */
  readonly lightgbm: () => Promise<Lightgbm>;
}

/** Tools for one run; disposing ends the thread. */
export function openEstimatorTools(environment: Environment): EstimatorTools & AsyncDisposable {
  let opened: Promise<Lightgbm> | undefined;
  const open = async () => {
    // A run without models must not pay for the thread nor for its modules.
    const { openLightgbm } = await import('../lightgbm/open-lightgbm.ts');
    return openLightgbm(environment);
  };
  return {
    lightgbm: () => {
      opened ??= open();
      return opened;
    },
    async [Symbol.asyncDispose]() {
      const lightgbm = await opened?.catch(() => undefined);
      await lightgbm?.[Symbol.asyncDispose]();
    },
  };
}
