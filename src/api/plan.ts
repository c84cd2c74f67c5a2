import type { Manifest, Node, NodeId } from '../core/node.ts';
import type { Plan } from '../core/plan.ts';
import type { BatchSize } from '../plan/batching.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlanInput } from '../plan/need.ts';
import type { WarehouseState } from '../state/warehouse-state.ts';
import { asOfEnd } from './as-of.ts';
import { type ApiOptions, type LoadedProject, loadProject } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { stateToRead } from './state-to-read.ts';
import { existingRelations, standsAs } from './warehouse-session.ts';

/** The commands that build: which kinds of nodes each takes. */
export const RUN_COMMANDS = {
  build: () => true,
  run: (node: Node) => node.check === undefined && node.kind !== 'seed',
  test: (node: Node) => node.check !== undefined,
  seed: (node: Node) => node.kind === 'seed',
} as const satisfies Record<string, (node: Node) => boolean>;

export type RunCommand = keyof typeof RUN_COMMANDS;

export interface PlanOptions extends ApiOptions, SelectOptions {
  readonly command: RunCommand;
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
  readonly fullRefresh?: boolean | undefined;
  readonly batchSize?: BatchSize | undefined;
}

/** What `run` with the same options would do. Changes nothing. @throws VeloError, VeloErrors */
export async function plan(options: PlanOptions): Promise<{ plan: Plan; manifest: Manifest }> {
  const project = await loadProject(options);
  const asked = whatIsAsked(project, options);
  const state = await stateToRead(project);
  return { plan: planFor(project, state, asked, options), manifest: project.manifest };
}

export type Asked = Pick<PlanInput, 'selection' | 'asOfEnd'>;

/** Which nodes and dates the options mean; a typo is told of before the database is opened. @throws ConfigError */
export function whatIsAsked(project: LoadedProject, options: PlanOptions): Asked {
  const { graph, settings, startedAt } = project;
  const selected = selectNodes(project, options);
  return {
    selection: ofCommand(selected, graph.nodes, RUN_COMMANDS[options.command]),
    asOfEnd: asOfEnd(options.asOf, settings.project.config.timezone, startedAt),
  };
}

/** The plan for a loaded project and the state of its warehouse. */
export function planFor(
  project: LoadedProject,
  { ledger, relations }: WarehouseState,
  asked: Asked,
  options: PlanOptions,
): Plan {
  const { graph } = project;
  const existing = existingRelations(graph, relations);
  return makePlan({
    graph,
    ...asked,
    states: ledger.states,
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
