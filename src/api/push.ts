import type { Patience, RelationInfo } from '../adapters/adapter.ts';
import { ConfigError, DatabaseError, VeloError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { ledgerSchema, statePlace } from '../state/ledger-schema.ts';
import { notePushedDays, onDays, preparePushedDays } from '../transfer/pushed-days.ts';
import { replaceTable } from '../transfer/replace-table.ts';
import { existingType, runAll } from '../transfer/table-end.ts';
import type { LoadedProject } from './load-project.ts';
import { type Ends, type PlannedPush, planPush } from './plan-push.ts';
import { schemasOf } from './relations.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { stagedTester, type TestStaged } from './test-staged.ts';
import type { TransferredTable, TransferWatcher } from './transfer-result.ts';
import {
  loadTwoTargets,
  type OpenTargets,
  openBoth,
  type TransferOptions,
  type TwoTargets,
} from './two-targets.ts';

export interface PushOptions extends TransferOptions, SelectOptions {
  /** The target that gets the rows. */
  readonly to: string | undefined;
  /** How many backups of a table are kept. */
  readonly backups?: number | undefined;
  readonly watch?: TransferWatcher | undefined;
}

const USUAL_BACKUPS = 3;
const LOCK_TIMEOUT_MS = 5000;
const LOCK_TRIES = 12;

export const patienceOf = ({ lockTimeoutMs = LOCK_TIMEOUT_MS }: TransferOptions): Patience => ({
  lockTimeoutMs,
  tries: LOCK_TRIES,
});

/**
 * Publishes tables of the target in another one, parents first; each is copied aside, tested there and swapped in one
 * transaction. Of as_of models only days whose rows differ from what was pushed before are sent. After a failure nothing
 * more is begun. @throws VeloError, VeloErrors when it cannot start
 */
export async function push(options: PushOptions): Promise<readonly TransferredTable[]> {
  const targets = await loadTwoTargets(options, options.to, '--to');
  const nodes = chosenNodes(targets.from, options);
  const record = recordOf(targets.to);
  await using open = await openBoth(targets, options);
  const [here, there] = await Promise.all([
    open.from.listRelations(schemasOf(targets.from)),
    open.to.listRelations([...schemasOf(targets.to), record.schema]),
  ]);
  const test = await stagedTester(targets.to, there);
  const context: PushContext = { targets, open, options, here, there, test, record };
  const results: TransferredTable[] = [];
  for (const node of nodes) {
    const hasFailed = results.some(({ status }) => status === 'refused' || status === 'error');
    const result = hasFailed ? leftOut(node, targets) : await pushOne(node, context);
    options.watch?.finished(result);
    results.push(result);
  }
  return results;
}

interface PushContext {
  readonly targets: TwoTargets;
  readonly open: OpenTargets;
  readonly options: PushOptions;
  readonly here: readonly RelationInfo[];
  readonly there: readonly RelationInfo[];
  readonly test: TestStaged;
  /** Days as they were pushed, of all tables of the target. */
  readonly record: Relation;
}

/** Where the pushed days of a target's tables are noted. */
export function recordOf({ adapter, adapterSettings }: LoadedProject): Relation {
  const place = statePlace(adapterSettings);
  const schema = ledgerSchema(adapter.dialect, place);
  return { database: place.database, schema, name: 'pushed_days' };
}

/** The selected nodes that keep rows, parents first. @throws ConfigError 'empty-selection' */
export function chosenNodes(
  project: LoadedProject,
  options: SelectOptions & Pick<PushOptions, 'emit'>,
): readonly Node[] {
  const selected = selectNodes(project, options);
  const nodes = project.graph.order.filter(
    ({ id, storesRows, buildable, relation }) =>
      selected.has(id) && storesRows && buildable && relation !== undefined,
  );
  if (nodes.length > 0) return nodes;
  throw new ConfigError('empty-selection', 'none of the selected nodes keeps rows', {
    hint: 'tables, incremental and as_of models, seeds and snapshots do; views are made where they are read: velo build --target',
  });
}

/** The place of the same node in another target. @throws ConfigError 'disabled-ref' */
export function relationIn({ graph, settings }: LoadedProject, { id, name }: Node): Relation {
  const relation = graph.nodes.get(id)?.relation;
  if (relation) return relation;
  throw new ConfigError('disabled-ref', `target '${settings.target.name}' has no '${name}'`, {
    hint: 'it may be disabled there: look at its config and at the vars',
  });
}

const leftOut = (node: Node, targets: TwoTargets): TransferredTable => ({
  node,
  relation: relationIn(targets.to, node),
  status: 'left',
  rows: 0,
  durationMs: 0,
  checks: [],
  leftTests: [],
  error: undefined,
});

/** Thrown within the transaction so that nothing is published; never leaves this file. */
class TestsFailed extends Error {}

async function pushOne(node: Node, context: PushContext): Promise<TransferredTable> {
  const { targets, open } = context;
  const startedAt = targets.to.now();
  const base = { ...leftOut(node, targets) };
  const seconds = () => ({ durationMs: targets.to.now() - startedAt });
  let tested: Awaited<ReturnType<TestStaged>> = { outcomes: [], left: [] };
  const toldOf = () => ({ ...base, ...seconds(), checks: tested.outcomes, leftTests: tested.left });
  try {
    return await open.from.use((from) =>
      open.to.use(async (to) => {
        const ends = {
          here: {
            connection: from,
            dialect: targets.from.adapter.dialect,
            relation: relationIn(targets.from, node),
          },
          there: {
            connection: to,
            dialect: targets.to.adapter.dialect,
            relation: base.relation,
          },
        };
        const test = async (rows: Relation) => {
          tested = await context.test(node, rows, to);
          if (tested.outcomes.some(isBad)) throw new TestsFailed();
        };
        const done = await planAndPublish(node, ends, context, test);
        return { ...toldOf(), ...done };
      }, node.id),
    );
  } catch (error) {
    if (error instanceof TestsFailed) return { ...toldOf(), status: 'refused' };
    if (!(error instanceof VeloError)) throw error;
    return { ...toldOf(), status: 'error', error: reassuring(error, node) };
  }
}

const isBad = ({ status }: { readonly status: string }): boolean =>
  status === 'fail' || status === 'error';

/** What ends a push leaves everything as it was: that is worth saying where nothing else is. */
export const reassuring = (error: VeloError, { name }: Pick<Node, 'name'>): VeloError =>
  error.hint === undefined && error instanceof DatabaseError
    ? new DatabaseError(error.code, error.message, error.sql, {
        hint: `${name} is there as it was`,
        cause: error,
      })
    : error;

async function planAndPublish(
  node: Node,
  ends: Ends,
  context: PushContext,
  test: (rows: Relation) => Promise<void>,
): Promise<Pick<TransferredTable, 'status' | 'rows'>> {
  const { options, targets, here, there, record } = context;
  const planned = await planPush(node, ends, {
    here,
    there,
    record,
    wholeTables: options.fullRefresh === true,
    targetName: targets.from.settings.target.name,
  });
  options.watch?.previewed(planned.preview);
  if (planned.sentDays?.length === 0) return { status: 'same', rows: 0 };
  if (options.dryRun) return { status: 'previewed', rows: 0 };
  return { status: 'done', rows: await publish(node, ends, planned, context, test) };
}

async function publish(
  node: Node,
  { here, there }: Ends,
  { preview, sentDays, days }: PlannedPush,
  { targets, options, there: known, record }: PushContext,
  test: (rows: Relation) => Promise<void>,
): Promise<number> {
  const { dialect, relation } = there;
  await runAll(there, [dialect.createSchema(relation), ...preparePushedDays(there, record)]);
  const column = node.asOf?.column;
  return replaceTable(
    {
      from: here,
      to: there,
      columns: preview.columns,
      existing: existingType(relation, known),
      part: sentDays && column !== undefined ? (end) => onDays(end, column, sentDays) : undefined,
    },
    {
      relations: known,
      backups: options.backups ?? USUAL_BACKUPS,
      patience: patienceOf(options),
      now: targets.to.now,
      onRows: (rows) => options.watch?.rows(node, rows, preview.rowsToSend),
      test,
      alongside: notePushedDays(there, record, relation, days ?? new Map()),
    },
  );
}
