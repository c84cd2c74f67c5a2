import { planArtifact } from '../artifacts/plan.ts';
import { ConfigError } from '../core/errors.ts';
import type { Manifest, Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { BatchSize } from '../plan/batching.ts';
import { asOfEnd, dateOf, restatedRange } from './as-of.ts';
import { deferReferences } from './defer-references.ts';
import { dueNodes } from './due-nodes.ts';
import { type EventTimeOptions, eventTimeWindow } from './event-time.ts';
import { type ExcerptOptions, excerptAsked } from './excerpt.ts';
import { type KindOptions, kindFilter } from './kind-filter.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { manifestInput } from './manifest-input.ts';
import { type Asked, planFor } from './plan-for.ts';
import type { Undone } from './retry.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { openToPlan } from './state-to-read.ts';
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
  const asked = await whatIsAsked(loaded, options);
  await using source = await openToPlan(loaded);
  const relations = async () => source.state.relations;
  const project = await deferReferences(loaded, asked.selection, relations, options);
  const made = await planFor(project, source, asked, options);
  warnOfParts(made, project.graph, project.warn);
  warnOfRows(made, project, source.state);
  const input = { ...manifestInput(project, new Map()), plan: made };
  return { plan: made, manifest: project.manifest, artifact: () => planArtifact(input) };
}

/** Which nodes and dates the options mean; a typo is told of before the database is opened. @throws ConfigError */
export async function whatIsAsked(project: LoadedProject, options: PlanOptions): Promise<Asked> {
  const { graph, settings, startedAt } = project;
  const { only } = options;
  const selected = only
    ? nodesAgain(project, only)
    : selectNodes(project, { ...options, due: await dueNodes(project, options) });
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
