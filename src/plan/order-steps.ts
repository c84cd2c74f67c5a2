import type { NodeId } from '../core/node.ts';
import type { PlanStep } from '../core/plan.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { Need } from './make-plan.ts';

/**
 * Turns needs into steps, parents first. A test goes into the step of the node it guards, when that
 * node is built; otherwise it is a step of its own, and what comes after the tested nodes waits for it.
 */
export function orderSteps(
  graph: Graph,
  needs: ReadonlyMap<NodeId, Need>,
  tests: ReadonlyMap<NodeId, Need>,
): PlanStep[] {
  const gated = new Map<NodeId, NodeId[]>();
  const alone = new Map<NodeId, Need>();
  for (const test of tests.values()) {
    const gate = graph.gateOf(test.node.id);
    const guarded = gate === undefined ? undefined : needs.get(gate);
    if (guarded?.action === 'build') push(gated, guarded.node.id, test.node.id);
    else alone.set(test.node.id, test);
  }
  const waits = waitsForTests(graph, [...alone.values()], needs);
  const steps: PlanStep[] = [];
  for (const node of graph.order) {
    const need = needs.get(node.id) ?? alone.get(node.id);
    if (!need) continue;
    const after = [...builtParents(graph, node.id, needs), ...(waits.get(node.id) ?? [])];
    const { action, replace, batches, reasons } = need;
    const checks = gated.get(node.id) ?? [];
    steps.push({ node: node.id, action, after, replace, batches, reasons, checks });
  }
  return sortSteps(steps);
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

/** The nearest ancestors that are steps: ephemeral models and unselected nodes are looked through. */
function builtParents(graph: Graph, id: NodeId, needs: ReadonlyMap<NodeId, Need>): NodeId[] {
  const found = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const queue = [...graph.parents(id)];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    if (seen.has(parent)) continue;
    seen.add(parent);
    if (needs.has(parent)) found.add(parent);
    else queue.push(...graph.parents(parent));
  }
  return [...found];
}

/** Nodes made from everything an error-level test looks at wait until it has passed. */
function waitsForTests(
  graph: Graph,
  alone: readonly Need[],
  needs: ReadonlyMap<NodeId, Need>,
): ReadonlyMap<NodeId, NodeId[]> {
  const waits = new Map<NodeId, NodeId[]>();
  for (const { node, action } of alone) {
    if (action !== 'build' || node.check?.severity !== 'error') continue;
    const [first, ...others] = graph.parents(node.id);
    if (first === undefined) continue;
    const below = others.length === 0 ? graph.children(first) : [...graph.downstream(first)];
    const rest = others.map((other) => graph.downstream(other));
    for (const id of below) {
      if (needs.has(id) && rest.every((set) => set.has(id))) push(waits, id, node.id);
    }
  }
  return waits;
}
