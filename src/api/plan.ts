import { planArtifact } from '../artifacts/plan.ts';
import { ConfigError } from '../core/errors.ts';
import type { Manifest, Node, NodeId } from '../core/node.ts';
import type { Dates } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import type { BatchSize } from '../plan/batching.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlanInput } from '../plan/need.ts';
import { asOfEnd, dateOf, restatedRange } from './as-of.ts';
import { deferReferences } from './defer-references.ts';
import { type EventTimeOptions, eventTimeWindow } from './event-time.ts';
import { type ExcerptOptions, excerptAsked } from './excerpt.ts';
import { type KindOptions, kindFilter } from './kind-filter.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { existingRelations, standsAs } from './relations.ts';
import type { Undone } from './retry.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { openToPlan } from './state-to-read.ts';
import type { StateSource } from './warehouse-session.ts';
import { warnOfParts } from './warn-of-parts.ts';
import { warnOfRows } from './warn-of-rows.ts';

/** They have commands of their own, or are built with all the rest. */
const NOT_RUN: ReadonlySet<string> = new Set(['seed', 'snapshot', 'function']);

/** The commands that build: which kinds of nodes each takes. */
export const RUN_COMMANDS = {
  build: () => true,
  run: (node: Node) => node.check === undefined && !NOT_RUN.has(node.kind),
  test: (node: Node) => node.check !== undefined,
  seed: (node: Node) => node.kind === 'seed',
  snapshot: (node: Node) => node.kind === 'snapshot',
} as const satisfies Record<string, (node: Node) => boolean>;

/** What needs no rows of the target. */
const isUnitTest = ({ check }: Node): boolean => check?.runsBefore === true;

export type RunCommand = keyof typeof RUN_COMMANDS;

export interface PlanOptions
  extends ApiOptions,
    SelectOptions,
    KindOptions,
    EventTimeOptions,
    ExcerptOptions {
  /** `build` when absent. */
  readonly command?: RunCommand;
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
  readonly fullRefresh?: boolean | undefined;
  readonly batchSize?: BatchSize | undefined;
  /** Just what an earlier run left undone, in place of a selection. */
  readonly only?: Undone | undefined;
  /** First as_of date that is asked for: nothing before it is built (`velo backfill --from`). */
  readonly from?: string | undefined;
  /** as_of dates to build again, `2024-01-01..2024-02-01` or one of them. */
  readonly restate?: string | undefined;
  /** False: dates that late rows touch are left for another run. */
  readonly late?: boolean | undefined;
}

export interface Planned {
  readonly plan: Plan;
  readonly manifest: Manifest;
  /** What plan.json holds. */
  artifact(): ReturnType<typeof planArtifact>;
}

/** What `run` with the same options would do. Changes nothing. @throws VeloError, VeloErrors */
export async function plan(options: PlanOptions): Promise<Planned> {
  const loaded = await loadProject(options);
  const asked = whatIsAsked(loaded, options);
  await using source = await openToPlan(loaded);
  const relations = async () => source.state.relations;
  const project = await deferReferences(loaded, asked.selection, relations, options);
  const made = await planFor(project, source, asked, options);
  warnOfParts(made, project.graph, project.warn);
  warnOfRows(made, project, source.state);
  const input = { ...manifestInput(project, new Map()), plan: made };
  return { plan: made, manifest: project.manifest, artifact: () => planArtifact(input) };
}

export type Asked = Pick<
  PlanInput,
  'selection' | 'asOfEnd' | 'asOfStart' | 'restate' | 'microbatch' | 'excerpt'
>;

/** Which nodes and dates the options mean; a typo is told of before the database is opened. @throws ConfigError */
export function whatIsAsked(project: LoadedProject, options: PlanOptions): Asked {
  const { graph, settings, startedAt } = project;
  const { only } = options;
  const selected = only ? nodesAgain(project, only) : selectNodes(project, options);
  const isAsked = kindFilter(graph.nodes.values(), options);
  const excerpt = excerptAsked(options, settings.environment, startedAt);
  const sampled = excerpt?.kind === 'sample' ? excerpt.window : undefined;
  const window = eventTimeWindow(options, settings.environment) ?? sampled;
  const isTaken = options.inMemory ? isUnitTest : RUN_COMMANDS[options.command ?? 'build'];
  const end = asOfEnd(options.asOf, settings.project.config.timezone, startedAt);
  const asOfStart = options.from === undefined ? undefined : dateOf('--from', options.from);
  if (asOfStart !== undefined && asOfStart >= end) {
    throw new ConfigError('usage', `--from ${options.from} lies after the last date asked for`);
  }
  return {
    selection: ofCommand(
      selected,
      graph.nodes,
      (node) => isTaken(node) && isAsked(node.kind) && !isBlank(node),
    ),
    asOfEnd: end,
    asOfStart,
    restate: options.restate === undefined ? undefined : restatedRange(options.restate),
    microbatch: { now: startedAt, window, again: only?.batches },
    excerpt,
  };
}

/** A file of a model with nothing in it makes nothing, as in dbt. */
const isBlank = ({ kind, path, rawCode }: Node): boolean =>
  kind === 'model' && path.endsWith('.sql') && rawCode.trim() === '';

/** What was left undone, with the tests that guard it: they have not passed on rows that were not published. */
function nodesAgain({ graph, warn }: LoadedProject, { nodes }: Undone): ReadonlySet<NodeId> {
  const again = new Set<NodeId>();
  for (const id of nodes) {
    if (graph.nodes.has(id)) again.add(id);
    else warn(`${id} is to be done again and is not in the project any more`);
  }
  for (const { id, check } of graph.nodes.values()) {
    const guarded = check ? graph.gateOf(id) : undefined;
    if (guarded !== undefined && again.has(guarded)) again.add(id);
  }
  return again;
}

/** Looks at inputs again as long as the plan asks for it: what one turned out to be may bring another in. */
const MOST_LOOKS = 10;

/**
 * The plan for a loaded project and the state of its warehouse. Inputs that may hold late rows are compared first.
 * @throws DatabaseError, VeloErrors 'on-change-fail'
 */
export async function planFor(
  project: LoadedProject,
  source: StateSource,
  asked: Asked,
  options: PlanOptions,
): Promise<Plan> {
  const { graph, adapter, adapterSettings } = project;
  const { ledger, relations } = source.state;
  const existing = existingRelations(graph, relations);
  const measured = new Map<NodeId, Dates>();
  for (let looks = 0; ; looks += 1) {
    const made = makePlan({
      graph,
      ...asked,
      states: ledger.states,
      changes: ledger.changes,
      modelMoves: source.state.modelMoves,
      measured,
      exists: (node) => standsAs(node, existing),
      ignoreLate: options.late === false,
      fullRefresh: options.fullRefresh ?? false,
      reuse: project.settings.flags.reuse,
      batchSize: options.batchSize,
      budgetBytes: adapter.statementBudget(adapterSettings),
      reuseTests: (options.command ?? 'build') === 'build' && project.settings.flags.reuse,
    });
    if (made.toMeasure.length === 0 || looks === MOST_LOOKS) {
      return { ...made, noted: notedNodes(graph.order, asked, options) };
    }
    // Building needs much that a plan without changes does not.
    const { measureInputs } = await import('./measure-inputs.ts');
    for (const [id, dates] of await measureInputs(made, project, source)) measured.set(id, dates);
  }
}

/** dbt's `build` counts them among what it did. */
const NOTED: ReadonlySet<string> = new Set(['exposure', 'saved_query']);

const notedNodes = (
  order: readonly Node[],
  { selection }: Asked,
  { command = 'build' }: PlanOptions,
): readonly NodeId[] =>
  command === 'build'
    ? order.filter(({ id, kind }) => NOTED.has(kind) && selection.has(id)).map(({ id }) => id)
    : [];

function ofCommand(
  selected: ReadonlySet<NodeId>,
  nodes: ReadonlyMap<NodeId, Node>,
  wanted: (node: Node) => boolean,
): ReadonlySet<NodeId> {
  return new Set(
    [...selected].filter((id) => {
      const node = nodes.get(id);
      return node !== undefined && wanted(node);
    }),
  );
}
