import type { Node, NodeId } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import type { PlanStep } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import { estimateOf } from './estimate.ts';
import type { Need, PlanInput } from './need.ts';
import { mustSeeAllDates } from './test-need.ts';

type Needs = ReadonlyMap<NodeId, Need>;

/**
 * Turns needs into steps, parents first. A test goes into the step of the node it guards, when that
 * node is built. The others of one node are a step, so that they share its scan, and what comes after the tested nodes
 * waits for it.
 */
export function orderSteps(
  graph: Graph,
  needs: Needs,
  input: Pick<PlanInput, 'states' | 'changes'>,
): PlanStep[] {
  const gated = new Map<NodeId, Need[]>();
  const alone = new Set<NodeId>();
  for (const need of needs.values()) {
    if (!need.node.check) continue;
    const gate = graph.gateOf(need.node.id);
    const guarded = gate === undefined ? undefined : needs.get(gate);
    if (guarded?.action === 'build' && !isSettled(need)) push(gated, guarded.node.id, need);
    else alone.add(need.node.id);
  }
  const leaders = leadersOf(graph, alone, needs);
  const waits = waitsForTests(graph, leaders, needs);
  const steps = graph.order.flatMap(({ id, check }) => {
    const need = needs.get(id);
    const leader = leaders.get(id);
    if (need && leader && leader !== id) push(gated, leader, need);
    if (!need || (check && leader !== id)) return [];
    // What must stand before a unit test is what the model it is written for needs.
    const standing = check?.runsBefore
      ? builtInputs(graph, id, needs)
      : builtParents(graph, id, needs);
    const after = [...standing, ...(waits.get(id) ?? [])];
    // Made when all are known: the tests a leader takes along may come after it.
    return [() => stepOf(need, after, gated.get(id) ?? [], input)];
  });
  return sortSteps(steps.map((make) => make()));
}

/** The test in whose step each test runs: the first of those that look at one node and at nothing else, or itself. */
function leadersOf(
  graph: Graph,
  alone: ReadonlySet<NodeId>,
  needs: Needs,
): ReadonlyMap<NodeId, NodeId> {
  const firstOf = new Map<NodeId, NodeId>();
  const leaders = new Map<NodeId, NodeId>();
  for (const { id, check } of graph.order) {
    if (!alone.has(id)) continue;
    const tested = check?.attachedTo;
    const isShared = !check?.runsBefore && tested !== undefined && graph.parents(id).length === 1;
    if (!isShared || needs.get(id)?.action !== 'build') leaders.set(id, id);
    else {
      if (!firstOf.has(tested)) firstOf.set(tested, id);
      leaders.set(id, firstOf.get(tested) ?? id);
    }
  }
  return leaders;
}

/** Rows that are made again by the same code need no other look. */
const isSettled = ({ node, action }: Need): boolean =>
  node.check?.judgesCode === true && action === 'reuse';

function stepOf(
  need: Need,
  after: readonly NodeId[],
  tests: readonly Need[],
  input: Pick<PlanInput, 'states' | 'changes'>,
): PlanStep {
  const { node, action, replace, batches, batchesBefore, reasons, asOf } = need;
  // Tests that are not in the step of the node they guard look at all of it.
  const seeAll = node.check
    ? []
    : tests.filter((test) => mustSeeAllDates(test.node, need, test.version, input));
  const estimate = estimateOf(node, need, stateOf(input.states, node));
  return {
    node: node.id,
    action,
    after,
    replace,
    batches,
    reasons,
    checks: tests.map((test) => test.node.id),
    checksOfAll: seeAll.map((test) => test.node.id),
    ...(batchesBefore ? { batchesBefore } : {}),
    ...(asOf ? { asOf } : {}),
    ...(estimate ? { estimate } : {}),
  };
}

/** A node that waits for a test comes after it, though the graph has no edge between them. */
function sortSteps(steps: readonly PlanStep[]): PlanStep[] {
  const byNode = new Map(steps.map((step) => [step.node, step]));
  const sorted = new Set<PlanStep>();
  const open = [...steps].reverse();
  for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
    const before = step.after.flatMap((id) => byNode.get(id) ?? []);
    const waiting = sorted.has(step) ? [] : before.filter((one) => !sorted.has(one));
    if (waiting.length > 0) open.push(...waiting.reverse());
    else sorted.add(open.pop() as PlanStep);
  }
  return [...sorted];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const isBuilt = (needs: Needs, id: NodeId): boolean =>
  needs.get(id)?.node.check === undefined && needs.has(id);

/** The nearest ancestors that are steps: ephemeral models and unselected nodes are looked through. */
function builtParents(graph: Graph, id: NodeId, needs: Needs): NodeId[] {
  const found = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const queue = [...graph.parents(id)];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    if (seen.has(parent)) continue;
    seen.add(parent);
    if (isBuilt(needs, parent)) found.add(parent);
    else queue.push(...graph.parents(parent));
  }
  return [...found];
}

/** The nearest steps above the nodes a test is written for. */
const builtInputs = (graph: Graph, id: NodeId, needs: Needs): NodeId[] => [
  ...new Set(graph.parents(id).flatMap((tested) => builtParents(graph, tested, needs))),
];

/**
 * Nodes made from everything an error-level test looks at wait until it has passed; so does a node for tests that run
 * before it.
 */
function waitsForTests(
  graph: Graph,
  leaders: ReadonlyMap<NodeId, NodeId>,
  needs: Needs,
): ReadonlyMap<NodeId, NodeId[]> {
  const waits = new Map<NodeId, NodeId[]>();
  for (const [id, leader] of leaders) {
    const need = needs.get(id);
    if (need?.action !== 'build' || need.node.check?.severity !== 'error') continue;
    for (const child of waitingFor(graph, need.node, needs)) push(waits, child, leader);
  }
  return waits;
}

function waitingFor(graph: Graph, { id, check }: Node, needs: Needs): readonly NodeId[] {
  const [first, ...others] = graph.parents(id);
  if (first === undefined) return [];
  if (check?.runsBefore && isBuilt(needs, first)) return [first];
  const below = others.length === 0 ? graph.children(first) : [...graph.downstream(first)];
  const rest = others.map((other) => graph.downstream(other));
  return below.filter((child) => isBuilt(needs, child) && rest.every((set) => set.has(child)));
}
