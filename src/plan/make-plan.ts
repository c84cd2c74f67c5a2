import type { AsOf } from '../core/as-of.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { NodeState, NodeStates } from '../core/node-state.ts';
import type { Plan, PlanStep, Reason } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import { type BatchSize, batchesOf } from './batching.ts';
import { changesOf } from './changes.ts';
import { missingIntervals } from './missing-intervals.ts';
import { orderSteps } from './order-steps.ts';
import { computeVersions, type Version } from './versions.ts';

export interface PlanInput {
  readonly graph: Graph;
  readonly selection: ReadonlySet<NodeId>;
  /** States as the ledger has them. */
  readonly states: NodeStates;
  /** Whether a node's relation stands in the warehouse, as the kind it should be. */
  readonly exists: (node: Node) => boolean;
  /** End of what is asked for, exclusive, epoch milliseconds UTC. */
  readonly asOfEnd: number;
  readonly fullRefresh: boolean;
  readonly batchSize: BatchSize | undefined;
  /** Tests that passed on the same rows are not run again; `velo test` runs all. */
  readonly reuseTests: boolean;
}

/** What one node needs, before it is put in order. */
export interface Need {
  readonly node: Node;
  readonly version: Version;
  readonly action: PlanStep['action'];
  readonly replace: boolean;
  readonly batches: PlanStep['batches'];
  readonly reasons: readonly Reason[];
}

/**
 * Which selected nodes are built, which of their dates, and why. Pure: the same input gives the
 * same plan. `run` does exactly what the plan says.
 */
export function makePlan(input: PlanInput): Plan {
  const { graph, selection, states } = input;
  const isBuilt = (id: NodeId) => selection.has(id) && graph.nodes.get(id)?.check === undefined;
  const versions = computeVersions(graph, isBuilt, states);
  const needs = new Map<NodeId, Need>();
  for (const node of graph.order) {
    const version = versions.get(node.id);
    if (!version || !selection.has(node.id) || !node.buildable || node.check) continue;
    needs.set(node.id, { node, version, ...needOf(node, version, input) });
  }
  const tests = new Map<NodeId, Need>();
  for (const node of graph.order) {
    const version = versions.get(node.id);
    if (!version || !selection.has(node.id) || !node.check) continue;
    tests.set(node.id, { node, version, ...testNeed(node, version, input) });
  }
  const planned = [...needs.values(), ...tests.values()];
  return {
    asOfEnd: input.asOfEnd,
    steps: orderSteps(graph, needs, tests),
    versions: new Map(planned.map(({ node, version }) => [node.id, version])),
  };
}

type Decision = Pick<Need, 'action' | 'replace' | 'batches' | 'reasons'>;

const REUSE: Decision = { action: 'reuse', replace: false, batches: [], reasons: [] };

function needOf(node: Node, version: Version, input: PlanInput): Decision {
  const state = input.states.get(node.id);
  const reasons = rebuildReasons(node, version, state, input);
  if (node.asOf) return asOfNeed(node.asOf, state, reasons, input);
  if (reasons.length > 0)
    return { action: 'build', replace: replaces(node, reasons), batches: [], reasons };
  if (!version.volatile || !node.storesRows) return REUSE;
  const reason: Reason = { code: 'volatile', text: 'reads what can change unseen' };
  return {
    action: 'build',
    replace: node.materialized !== 'incremental',
    batches: [],
    reasons: [reason],
  };
}

/** dbt's incremental models keep their rows when code or inputs change, until a full refresh. */
function replaces(node: Node, reasons: readonly Reason[]): boolean {
  const kept = reasons.every(({ code }) => code === 'code-changed' || code === 'input-changed');
  return !(node.updatesInPlace && kept);
}

function rebuildReasons(
  node: Node,
  version: Version,
  state: NodeState | undefined,
  { fullRefresh, exists }: PlanInput,
): Reason[] {
  if (!state) return [{ code: 'new', text: 'never built' }];
  if (!exists(node)) return [{ code: 'missing-relation', text: 'its relation is gone' }];
  if (fullRefresh) return [{ code: 'full-refresh', text: 'asked for' }];
  return changesOf(node, version, state);
}

function asOfNeed(
  asOf: AsOf,
  state: NodeState | undefined,
  reasons: readonly Reason[],
  { asOfEnd, batchSize }: PlanInput,
): Decision {
  const replace = reasons.length > 0;
  // A rebuild keeps the dates that were there, also those after the asked end.
  const end = replace ? Math.max(asOfEnd, state?.ranges.at(-1)?.end ?? asOfEnd) : asOfEnd;
  const missing = missingIntervals(asOf, end, replace ? [] : (state?.ranges ?? []));
  if (missing.intervals.length === 0 && !replace) return REUSE;
  // Nothing to fill yet: an empty table, so that what reads it can be built.
  const empty = { start: asOf.begin, end: asOf.begin };
  const intervals = missing.intervals.length > 0 ? missing.intervals : [empty];
  const [first] = reasons;
  const why =
    first && (first.code !== 'new' || missing.reasons.length === 0) ? reasons : missing.reasons;
  return {
    action: 'build',
    replace,
    batches: batchesOf(intervals, asOf, batchSize),
    reasons: why,
  };
}

function testNeed(node: Node, version: Version, { states, reuseTests }: PlanInput): Decision {
  const passed = states.get(node.id)?.version === version.version && !version.volatile;
  if (reuseTests && passed) return REUSE;
  return { ...REUSE, action: 'build', reasons: [{ code: 'test-pending', text: 'not passed yet' }] };
}
