import type { Node, NodeId } from '../core/node.ts';
import type { Dates } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import type { BatchSize } from '../plan/batching.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlanInput } from '../plan/need.ts';
import type { LoadedProject } from './load-project.ts';
import { existingRelations, standsAs } from './relations.ts';
import type { StateSource } from './warehouse-session.ts';

/** Which nodes and dates are meant. */
export type Asked = Pick<
  PlanInput,
  'selection' | 'asOfEnd' | 'asOfStart' | 'restate' | 'microbatch' | 'excerpt'
>;

/** How what is asked for is planned. */
export interface PlanFlags {
  /** `run`, `test` …; `build` when absent. */
  readonly command?: string | undefined;
  readonly fullRefresh?: boolean | undefined;
  readonly batchSize?: BatchSize | undefined;
  /** False: dates that late rows touch are left for another run. */
  readonly late?: boolean | undefined;
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
  options: PlanFlags,
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
  { command = 'build' }: PlanFlags,
): readonly NodeId[] =>
  command === 'build'
    ? order.filter(({ id, kind }) => NOTED.has(kind) && selection.has(id)).map(({ id }) => id)
    : [];
