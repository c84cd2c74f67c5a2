import type { Manifest, Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { BatchSize } from '../plan/batching.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlanInput } from '../plan/need.ts';
import { asOfEnd } from './as-of.ts';
import { type EventTimeOptions, eventTimeWindow } from './event-time.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import type { Undone } from './retry.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import {
  existingRelations,
  openSession,
  standsAs,
  type WarehouseSession,
} from './warehouse-session.ts';

/** The commands that build: which kinds of nodes each takes. */
export const RUN_COMMANDS = {
  build: () => true,
  run: (node: Node) => node.check === undefined && node.kind !== 'seed',
  test: (node: Node) => node.check !== undefined,
  seed: (node: Node) => node.kind === 'seed',
} as const satisfies Record<string, (node: Node) => boolean>;

export type RunCommand = keyof typeof RUN_COMMANDS;

export interface PlanOptions extends ApiOptions, SelectOptions, EventTimeOptions {
  readonly command: RunCommand;
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
  readonly fullRefresh?: boolean | undefined;
  readonly batchSize?: BatchSize | undefined;
  /** Just what an earlier run left undone, in place of a selection. */
  readonly only?: Undone | undefined;
}

/** What `run` with the same options would do. Changes nothing. @throws VeloError, VeloErrors */
export async function plan(options: PlanOptions): Promise<{ plan: Plan; manifest: Manifest }> {
  const project = await loadProject(options);
  const asked = whatIsAsked(project, options);
  await using session = await openSession(project);
  return { plan: planFor(project, session, asked, options), manifest: project.manifest };
}

export type Asked = Pick<PlanInput, 'selection' | 'asOfEnd' | 'microbatch'>;

/** Which nodes and dates the options mean; a typo is told of before the database is opened. @throws ConfigError */
export function whatIsAsked(project: LoadedProject, options: PlanOptions): Asked {
  const { graph, settings, startedAt } = project;
  const { only } = options;
  const selected = only ? nodesAgain(project, only) : selectNodes(project, options);
  const window = eventTimeWindow(options, settings.environment);
  return {
    selection: ofCommand(selected, graph.nodes, RUN_COMMANDS[options.command]),
    asOfEnd: asOfEnd(options.asOf, settings.project.config.timezone, startedAt),
    microbatch: { now: startedAt, window, again: only?.batches },
  };
}

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

/** The plan for a loaded project and the state of its warehouse. */
export function planFor(
  project: LoadedProject,
  { state }: WarehouseSession,
  asked: Asked,
  options: PlanOptions,
): Plan {
  const { graph } = project;
  const existing = existingRelations(graph, state.relations);
  return makePlan({
    graph,
    ...asked,
    states: state.ledger.states,
    exists: (node) => standsAs(node, existing),
    fullRefresh: options.fullRefresh ?? false,
    batchSize: options.batchSize,
    reuseTests: options.command === 'build',
  });
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
