import { type AsOf, endFor } from '../core/as-of.ts';
import { ProjectError } from '../core/errors.ts';
import { floorToGrain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import type { Graph } from '../graph/build-graph.ts';
import { type ModelConfig, uniqueKeyOf } from '../nodes/config-schemas.ts';
import { batchesOf } from '../plan/batching.ts';
import { asOfEnd } from './as-of.ts';
import type { LoadedProject } from './load-project.ts';
import { publishedRows } from './published-rows.ts';
import { existingRelations } from './relations.ts';
import type { VerifyOptions } from './verify.ts';
import type { VerifyTask } from './verify-model.ts';
import type { WarehouseSession } from './warehouse-session.ts';

/** Dates of a model that are tried unless others are asked for. */
const USUAL_COUNT = 10;

/** What is to be done about one model; undefined when it has no dates yet. @throws ProjectError 'input-missing' */
export async function verifyTask(
  node: Node,
  asOf: AsOf,
  project: LoadedProject,
  session: WarehouseSession,
  options: Pick<VerifyOptions, 'asOf' | 'dates' | 'seed'>,
): Promise<VerifyTask | undefined> {
  const span = spanOf(node, asOf, project, session, options.asOf);
  if (span.end <= span.start) return undefined;
  checkInputs(node, project.graph, session);
  const { adapter, adapterSettings } = project;
  const budgetBytes = adapter.statementBudget(adapterSettings);
  const state = stateOf(session.states, node);
  return {
    node,
    asOf,
    span,
    batches: batchesOf([span], asOf, { asked: undefined, budgetBytes, state }).batches,
    key: uniqueKeyOf(node.config as ModelConfig),
    published: await publishedRows(node, asOf, span.end, project, session),
    asked: options.dates ?? USUAL_COUNT,
    seed: options.seed ?? 0,
  };
}

/** Up to the date that was asked for, or the newest that is finished, or yesterday. */
function spanOf(
  node: Node,
  asOf: AsOf,
  { settings, startedAt }: LoadedProject,
  { states }: WarehouseSession,
  asked: string | undefined,
): Interval {
  const finished = asked === undefined ? stateOf(states, node)?.ranges.at(-1)?.end : undefined;
  const { timezone } = settings.project.config;
  const end = finished ?? endFor(asOf, asOfEnd(asked, timezone, startedAt));
  return { start: asOf.begin, end: floorToGrain(end, asOf.grain) };
}

/** Rows are built from the inputs as they stand: they must. */
function checkInputs(node: Node, graph: Graph, { state }: WarehouseSession): void {
  const existing = existingRelations(graph, state.relations);
  const missing = inputsOf(node.id, graph).find(({ id }) => !existing.has(id));
  if (!missing) return;
  throw new ProjectError(
    'input-missing',
    `'${node.name}' reads '${missing.name}', which is not built`,
    {
      span: node.span,
      hint: `velo build --select +${node.name}`,
    },
  );
}

/** What must stand in the database; an ephemeral model's inputs in its place. */
function inputsOf(id: NodeId, graph: Graph): Node[] {
  return graph.parents(id).flatMap((parent) => {
    const input = graph.nodes.get(parent);
    if (!input) return [];
    if (input.buildable) return [input];
    return input.kind === 'model' ? inputsOf(parent, graph) : [];
  });
}
