import { availableParallelism } from 'node:os';
import { openEstimatorTools } from '../estimators/estimator-tools.ts';
import { gitCommit } from '../modeling/git-commit.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import { artifactsDir } from '../project/project-folders.ts';
import { statePlace } from '../state/ledger-schema.ts';
import { registryTables } from '../state/registry-schema.ts';
import type { LoadedProject } from './load-project.ts';

/** What nodes that make or use models are lent; disposing ends LightGBM's thread, if it was ever started. */
export function modelTools(
  { settings, adapter, adapterSettings, invocationId, now, emit, warn }: LoadedProject,
  signal: AbortSignal | undefined,
): ModelTools & AsyncDisposable {
  const estimators = openEstimatorTools(settings.environment);
  let commit: Promise<string | undefined> | undefined;
  return {
    estimators,
    threads: availableParallelism(),
    signal,
    tables: registryTables(adapter.dialect, statePlace(adapterSettings)),
    artifactsDir: artifactsDir(settings),
    runId: invocationId,
    now,
    commit: () => {
      commit ??= gitCommit(settings.projectDir);
      return commit;
    },
    say: (node, text) => emit({ type: 'node-progress', node, text }),
    tell: (message) => emit({ type: 'message', message }),
    trained: (node, version, isRegistered) =>
      emit({ type: 'model-trained', node, version, isRegistered }),
    backtested: (node, figures) => emit({ type: 'backtested', node, figures }),
    warn,
    [Symbol.asyncDispose]: () => estimators[Symbol.asyncDispose](),
  };
}
