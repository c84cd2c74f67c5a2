import type { RelationInfo } from '../adapters/adapter.ts';
import { ConfigError, VeloError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { SourceDetail } from '../nodes/source-text.ts';
import { newerRows } from '../transfer/newer-rows.ts';
import { matchTables, type Part, replaceTable } from '../transfer/replace-table.ts';
import { countRows, existingType, rowsOf, runAll, type TableEnd } from '../transfer/table-end.ts';
import type { LoadedProject } from './load-project.ts';
import { patienceOf, reassuring, relationIn } from './push.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import type { TransferPreview, TransferredTable, TransferWatcher } from './transfer-result.ts';
import {
  loadTwoTargets,
  type OpenTargets,
  openBoth,
  type TransferOptions,
  type TwoTargets,
} from './two-targets.ts';

export interface PullOptions extends TransferOptions, SelectOptions {
  /** The target whose database has the rows. */
  readonly from: string | undefined;
  readonly watch?: TransferWatcher | undefined;
}

/**
 * Copies source tables of another target into this one: those with a cursor (`loaded_at_field`, else `event_time`) from
 * where they end here, others whole. After a failure nothing more is begun. @throws VeloError, VeloErrors when it cannot
 * start
 */
export async function pull(options: PullOptions): Promise<readonly TransferredTable[]> {
  const targets = await loadTwoTargets(options, options.from, '--from');
  const nodes = chosenSources(targets.to, options);
  await using open = await openBoth(targets, options);
  const schemas = (project: LoadedProject) => [
    ...new Set(nodes.map((node) => relationIn(project, node).schema)),
  ];
  const [there, here] = await Promise.all([
    open.from.listRelations(schemas(targets.from)),
    open.to.listRelations(schemas(targets.to)),
  ]);
  const context: PullContext = { targets, open, options, there, here };
  const results: TransferredTable[] = [];
  for (const node of nodes) {
    const hasFailed = results.some(({ status }) => status === 'error');
    const result = hasFailed ? leftOut(node, targets) : await pullOne(node, context);
    options.watch?.finished(result);
    results.push(result);
  }
  return results;
}

interface PullContext {
  readonly targets: TwoTargets;
  readonly open: OpenTargets;
  readonly options: PullOptions;
  readonly there: readonly RelationInfo[];
  readonly here: readonly RelationInfo[];
}

const leftOut = (node: Node, { to }: TwoTargets): TransferredTable => ({
  node,
  relation: relationIn(to, node),
  status: 'left',
  rows: 0,
  durationMs: 0,
  checks: [],
  leftTests: [],
  error: undefined,
});

/** The selected sources that are tables. @throws ConfigError 'empty-selection' */
function chosenSources(project: LoadedProject, options: PullOptions): readonly Node[] {
  const selected = selectNodes(project, options);
  const nodes = [...project.graph.nodes.values()].filter(
    (node) =>
      node.kind === 'source' && selected.has(node.id) && !(node.detail as SourceDetail).external,
  );
  if (nodes.length > 0) return nodes;
  throw new ConfigError('empty-selection', 'none of the selected nodes is a source in a table', {
    hint: 'velo pull copies tables of sources; those with external_location are read from their files',
  });
}

async function pullOne(node: Node, context: PullContext): Promise<TransferredTable> {
  const { targets, open, options } = context;
  const startedAt = targets.to.now();
  const base = leftOut(node, targets);
  const seconds = () => ({ durationMs: targets.to.now() - startedAt });
  try {
    const done = await open.from.use((from) =>
      open.to.use((to) => {
        const theirs = {
          connection: from,
          dialect: targets.from.adapter.dialect,
          relation: relationIn(targets.from, node),
        };
        const ours = {
          connection: to,
          dialect: targets.to.adapter.dialect,
          relation: base.relation,
        };
        return planAndPull(node, theirs, ours, context);
      }),
    );
    return { ...base, ...done, ...seconds() };
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    const told = reassuring(error, { name: options.dryRun ? 'everything' : node.name });
    return { ...base, ...seconds(), status: 'error', error: told };
  }
}

async function planAndPull(
  node: Node,
  theirs: TableEnd,
  ours: TableEnd,
  { targets, options, there, here }: PullContext,
): Promise<Pick<TransferredTable, 'status' | 'rows'>> {
  if (existingType(theirs.relation, there) === undefined) {
    throw new ConfigError(
      'input-missing',
      `target '${targets.from.settings.target.name}' has no table ${theirs.dialect.relation(theirs.relation)}`,
      { span: node.span, hint: 'look at schema, name and identifier of the source' },
    );
  }
  const existing = existingType(ours.relation, here);
  const columns = await matchTables(theirs, ours, existing);
  const isWhole = options.fullRefresh || existing !== 'table';
  const newer = isWhole ? undefined : await newerRows(theirs, ours, columns, cursorOf(node));
  const rowsThere = await countRows(theirs, rowsOf(theirs));
  const preview: TransferPreview = {
    node,
    relation: ours.relation,
    rowsHere: rowsThere,
    rowsThere: existing && (await countRows(ours, rowsOf(ours))),
    columns,
    part: newer?.text,
    rowsToSend: newer?.rows ?? rowsThere,
    sample: undefined,
  };
  options.watch?.previewed(preview);
  if (options.dryRun) return { status: 'previewed', rows: 0 };
  const part: Part | undefined = newer?.part;
  await runAll(ours, [ours.dialect.createSchema(ours.relation)]);
  const rows = await replaceTable(
    { from: theirs, to: ours, columns, existing, part },
    {
      relations: here,
      backups: 0,
      patience: patienceOf(options),
      now: targets.to.now,
      onRows: (count) => options.watch?.rows(node, count, preview.rowsToSend),
      test: async () => undefined,
      alongside: [],
    },
  );
  return { status: 'done', rows };
}

/** The column that later rows have later values of. */
function cursorOf({ config, eventTime }: Node): string | undefined {
  const loadedAt = config['loaded_at_field'];
  return typeof loadedAt === 'string' ? loadedAt : eventTime;
}
