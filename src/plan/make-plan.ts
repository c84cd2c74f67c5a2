import { VeloErrors } from '../core/errors.ts';
import { excerptKey } from '../core/excerpt.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { type NodeState, stateOf } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { isDated, observedAs } from './changed-dates.ts';
import { judgedNodes } from './judged-nodes.ts';
import { type Need, type PlanInput, rangesAfter } from './need.ts';
import { needOfNode } from './node-need.ts';
import { orderSteps } from './order-steps.ts';
import { needOfTest } from './test-need.ts';
import { type Version, versionOf, withExtent } from './versions.ts';

/** What is known of the nodes before the one that is planned. */
interface Planning {
  readonly needs: Map<NodeId, Need>;
  readonly versions: Map<NodeId, Version>;
  readonly toMeasure: Set<NodeId>;
  readonly leftStale: Map<NodeId, readonly Interval[]>;
  readonly unsure: Set<NodeId>;
}

/**
 * Which selected nodes are built, which of their dates, and why. Pure: the same input gives the
 * same plan. `run` does exactly what the plan says. When `toMeasure` is not empty, those inputs are to be compared
 * with what the ledger has seen of them, and the plan to be made again with what was `measured`.
 * @throws VeloErrors 'on-change-fail'
 */
export function makePlan(input: PlanInput): Plan {
  const { graph, measured } = input;
  const planning: Planning = {
    needs: new Map(),
    versions: new Map(),
    toMeasure: new Set(),
    leftStale: new Map(),
    unsure: new Set(),
  };
  for (const node of graph.order) planNode(node, input, planning);
  const { needs, toMeasure, leftStale } = planning;
  const refused = [...needs.values()].flatMap((need) => need.refused ?? []);
  if (refused.length > 0) throw new VeloErrors(refused);
  return {
    asOfEnd: input.asOfEnd,
    excerpt: input.excerpt,
    steps: orderSteps(graph, needs, input),
    versions: new Map([...needs].map(([id, { version }]) => [id, version])),
    toMeasure: [...toMeasure],
    leftStale,
    dated: datedVersions(planning, input),
    measured,
    judging: new Map(
      [...needs].flatMap(([id, { judging }]) => (judging ? [[id, judging] as const] : [])),
    ),
  };
}

function planNode(node: Node, input: PlanInput, planning: Planning): void {
  const { needs, versions, unsure, toMeasure } = planning;
  if (input.graph.parents(node.id).some((id) => unsure.has(id))) unsure.add(node.id);
  const measuring = toMeasure.size;
  const { graph, selection, states } = input;
  const state = stateOf(states, node);
  // An input that is not built counts as it stands in the warehouse, which may be older than its file.
  const standing = (id: NodeId) => {
    const parent = graph.nodes.get(id);
    return parent?.storesRows && !needs.has(id) ? stateOf(states, parent) : undefined;
  };
  const isCounted = (id: NodeId) => {
    const parent = node.asOf && graph.nodes.get(id);
    return parent !== undefined && (isDated(parent) || keepsRowsOf(node, parent));
  };
  const isDatedInput = showsDates(node, input)
    ? (id: NodeId) => isDatedNode(graph.nodes.get(id))
    : undefined;
  const needsAllDates = isJudgedWhole(node, input);
  const common = {
    ...{ versions, standing, isCounted, isDatedInput, needsAllDates },
    registry: movesOf(node, input),
  };
  if (!selection.has(node.id) || !node.buildable) {
    const parents = graph.parents(node.id);
    const version = versionOf({ ...asItStands(node, parents, state), ...common });
    versions.set(
      node.id,
      node.asOf ? withExtent(version, state?.ranges ?? [], state?.epoch ?? '') : version,
    );
    return;
  }
  const version = versionOf({
    ...{ node, parents: graph.parents(node.id) },
    ...common,
    registry: { ...common.registry, ...inPart(node, input) },
  });
  const decision = node.check
    ? needOfTest(node, version, input, needs)
    : needOfNode(node, version, input, planning);
  if (toMeasure.size > measuring) unsure.add(node.id);
  const standingVersion = versionAfter(decision, version, state);
  needs.set(node.id, { node, version: standingVersion, ...decision });
  const ranges = rangesAfter(decision, state?.ranges);
  const epoch = decision.asOf?.epoch ?? state?.epoch ?? '';
  versions.set(node.id, node.asOf ? withExtent(standingVersion, ranges, epoch) : standingVersion);
}

const showsDates = (node: Node, { graph }: PlanInput): boolean =>
  node.check ? judgedNodes(node, graph).length > 0 : node.datedBy !== undefined;

/** A test that could judge dates alone, if what it reads said whose dates they are. */
function isJudgedWhole(node: Node, { graph }: PlanInput): boolean {
  if (!node.check?.judgesDatesAlone || judgedNodes(node, graph).length > 0) return false;
  const { attachedTo } = node.check;
  return attachedTo === undefined || graph.nodes.get(attachedTo)?.asOf === undefined;
}

const isDatedNode = (node: Node | undefined): boolean => node !== undefined && isDated(node);

/** Rows that say which version of a model made them do not change with it. */
const keepsRowsOf = ({ model }: Node, parent: Node): boolean =>
  model?.does === 'uses' && model.keepsRows && parent.model?.does === 'makes';

/**
 * Rows made of a part of the inputs are not those the code makes, and a test that passed on them has not passed. Of as_of
 * models no date is made at all, so what they are known by stays.
 */
const inPart = (node: Node, { excerpt }: PlanInput): Record<string, string> =>
  excerpt && !node.asOf ? excerptKey(excerpt) : {};

/** Moves of the model's aliases by people, as one more input of a node that answers with it. */
function movesOf({ id, model }: Node, { graph, modelMoves }: PlanInput): Record<string, string> {
  if (model?.does !== 'uses' || model.keepsRows) return {};
  const made = graph.parents(id).flatMap((parent) => graph.nodes.get(parent)?.model ?? []);
  const name = made.find(({ does }) => does === 'makes')?.name ?? model.name;
  const moves = modelMoves.get(name);
  return moves === undefined ? {} : { [`alias of ${name}`]: String(moves) };
}

function datedVersions({ needs, versions }: Planning, { graph }: PlanInput) {
  const dated = new Map<NodeId, { readonly version: string; readonly code: string }>();
  for (const [id, { node }] of needs) {
    if (!node.asOf) continue;
    for (const parent of graph.parents(id)) {
      const input = graph.nodes.get(parent);
      const known = versions.get(parent);
      if (input && known && isDated(input)) {
        dated.set(parent, { version: observedAs(known), code: known.code });
      }
    }
  }
  return dated;
}

/** A model that keeps its rows when its code changes, and has none to build, stays what it was. */
const versionAfter = (
  { action }: Pick<Need, 'action'>,
  version: Version,
  state: NodeState | undefined,
): Version =>
  action === 'reuse' && state && state.version !== version.version
    ? { ...version, version: state.version, inputs: state.inputs }
    : version;

/** A view that is not built keeps its old SQL, over whatever its inputs hold now. */
function asItStands(node: Node, parents: readonly NodeId[], state: NodeState | undefined) {
  if (node.storesRows || !node.buildable || !state) return { node, parents };
  const { fingerprint, inputs } = state;
  return { node, fingerprint, parents: Object.keys(inputs) as NodeId[] };
}
