import { ConfigError, DatabaseError, VeloError, VeloErrors } from '../core/errors.ts';
import type { Manifest, Node } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import { areEqual } from '../core/row-differences.ts';
import type { Verification } from '../core/verification.ts';
import type { AskedDates } from '../plan/choose-dates.ts';
import { type LendScratch, lendScratch } from './lend-scratch.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { type VerifiedRows, verifyModel } from './verify-model.ts';
import { verifyTask } from './verify-task.ts';
import { openSession, type WarehouseSession } from './warehouse-session.ts';

export interface VerifyOptions extends ApiOptions, SelectOptions {
  /** Of each model; 10 when absent. */
  readonly dates?: AskedDates | undefined;
  /** Another one samples other dates; 0 when absent. */
  readonly seed?: number | undefined;
  /** Last as_of date; the newest finished one of each model when absent. */
  readonly asOf?: string | undefined;
  readonly watch?: VerifyWatcher | undefined;
}

/** Who is told how it goes on. */
export interface VerifyWatcher {
  started(models: readonly Node[]): void;
  began(model: Node): void;
  /** Dates that were built day by day, of all that will be. */
  progress(model: Node, done: number, total: number): void;
  finished(model: Node, verification: Verification): void;
}

export interface Verified {
  /** In the order of the graph. */
  readonly models: readonly Verification[];
  readonly manifest: Manifest;
}

/**
 * Builds dates of the chosen as_of models day by day and as a rebuild does, in a scratch schema, and compares the rows
 * with each other and with those that are published. The warehouse stays as it is. Errors of a model are its result.
 * @throws VeloError, VeloErrors when it cannot start; DatabaseError 'interrupted'
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const project = await loadProject(options);
  const models = chosenModels(project, options);
  options.watch?.started(models);
  await using session = await openSession(project);
  await session.hold();
  const warehouse = await session.open();
  await using tools = modelTools(project, options.signal);
  const lend = await lendScratch(project, warehouse, tools);
  const cancel = () => warehouse.interrupt();
  options.signal?.addEventListener('abort', cancel);
  try {
    const verifyOne = (node: Node) => verified(node, { project, session, lend, options });
    const limit = threadsOf(project);
    const found = await atOnce(longestFirst(models, session), limit, verifyOne);
    const byNode = new Map(found.map((one) => [one.node, one]));
    return {
      models: models.flatMap(({ id }) => byNode.get(id) ?? []),
      manifest: project.manifest,
    };
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

/** The selected as_of models, parents first. @throws ConfigError 'empty-selection' */
function chosenModels(project: LoadedProject, options: VerifyOptions): readonly Node[] {
  const selected = selectNodes(project, options);
  const models = project.graph.order.filter(({ id, asOf }) => asOf && selected.has(id));
  if (models.length > 0) return models;
  throw new ConfigError('empty-selection', 'none of the selected nodes is an as_of model', {
    hint: "velo verify looks at models with incremental_strategy='as_of'",
  });
}

const threadsOf = ({ adapter, adapterSettings }: LoadedProject): number =>
  Math.min(adapterSettings.threads, adapter.dialect.capabilities.maxConnections);

/** Begun last, the longest one would end last. */
const longestFirst = (models: readonly Node[], { states }: WarehouseSession): readonly Node[] =>
  models.toSorted(
    (a, b) => (stateOf(states, b)?.durationMs ?? 0) - (stateOf(states, a)?.durationMs ?? 0),
  );

/** Does `work` for each item, `limit` at once; what failed first is thrown when all that began has ended. */
async function atOnce<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = items.values();
  const results: Result[] = [];
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of waiting) results.push(await work(item));
  });
  const ended = await Promise.allSettled(lanes);
  const failed = ended.find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}

interface Verifying {
  readonly project: LoadedProject;
  readonly session: WarehouseSession;
  readonly lend: LendScratch;
  readonly options: VerifyOptions;
}

async function verified(node: Node, verifying: Verifying): Promise<Verification> {
  const { project, options } = verifying;
  const startedAt = project.now();
  options.watch?.began(node);
  const outcome = await outcomeOf(node, verifying);
  const verification = { node: node.id, ...outcome, durationMs: project.now() - startedAt };
  options.watch?.finished(node, verification);
  return verification;
}

const NOTHING: VerifiedRows = { dates: [], rows: 0, comparisons: [], notCompared: [] };

type Outcome = Omit<Verification, 'node' | 'durationMs'>;

async function outcomeOf(
  node: Node,
  { project, session, lend, options }: Verifying,
): Promise<Outcome> {
  const { watch, signal } = options;
  if (signal?.aborted) throw new DatabaseError('interrupted', 'velo verify was interrupted', '');
  try {
    const task = node.asOf && (await verifyTask(node, node.asOf, project, session, options));
    if (!task) return { status: 'skipped', span: undefined, ...NOTHING, error: undefined };
    const found = await lend((scratch) =>
      verifyModel(task, scratch, (done, total) => watch?.progress(node, done, total)),
    );
    return { status: statusOf(found), span: task.span, ...found, error: undefined };
  } catch (error) {
    const isKnown = error instanceof VeloError || error instanceof VeloErrors;
    if (signal?.aborted || !isKnown) throw error;
    return { status: 'error', span: undefined, ...NOTHING, error };
  }
}

function statusOf({ comparisons }: VerifiedRows): Verification['status'] {
  if (comparisons.length === 0) return 'skipped';
  return comparisons.every(({ differences }) => areEqual(differences)) ? 'equal' : 'different';
}
