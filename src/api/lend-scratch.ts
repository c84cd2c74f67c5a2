import { randomUUID } from 'node:crypto';
import type { Warehouse } from '../adapters/adapter.ts';
import type { NodeId } from '../core/node.ts';
import { inScratch, type Scratch } from '../execute/scratch.ts';
import { refuseQueries } from '../jinja/contexts/replay.ts';
import type { ModelTools } from '../modeling/model-tools.ts';
import { projectFolders } from '../project/project-folders.ts';
import { compileScope } from './compile-scope.ts';
import type { LoadedProject } from './load-project.ts';

/** Runs `work` in a scratch of its own; several may be open at once. */
export type LendScratch = <T>(work: (scratch: Scratch) => Promise<T>) => Promise<T>;

/** Scratches in the project's warehouse, one schema each, for a run of the `selected`. Reads the macros. */
export async function lendScratch(
  project: LoadedProject,
  warehouse: Warehouse,
  models: ModelTools,
  selected: ReadonlySet<NodeId> = new Set(),
): Promise<LendScratch> {
  const { adapterSettings, invocationId, settings } = project;
  const scope = await compileScope(project, { ask: outsideOfSteps, selected });
  const folders = projectFolders(settings);
  const { database } = adapterSettings;
  const prefix = `velo_scratch_${invocationId.slice(0, 8)}`;
  return (work) => {
    // Tests that judge models lend theirs beside each other.
    const schema = `${prefix}_${randomUUID().slice(0, 8)}`;
    return inScratch({ warehouse, scope, folders, models, place: { database, schema } }, work);
  };
}

/** Every template is rendered in the session of its scratch. */
const outsideOfSteps = refuseQueries(
  'the template asks the database outside of its step',
  'this is a mistake of velo',
);
