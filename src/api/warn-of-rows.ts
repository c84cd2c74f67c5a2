import type { Node } from '../core/node.ts';
import { type NodeStates, stateOf } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { grainsOf } from '../plan/batching.ts';
import type { LoadedProject } from './load-project.ts';
import { existingRelations, type WarehouseSession } from './warehouse-session.ts';

/** Tells of tables that hold other rows than velo left in them, and of dates that are left out of date. */
export async function warnOfRows(
  plan: Plan,
  project: LoadedProject,
  session: WarehouseSession,
): Promise<void> {
  warnOfStale(plan, project);
  // As long as nobody wrote to the database, nobody edited a table.
  if (session.isUntouched) return;
  for (const { node, expected, found } of await editedTables(project, session)) {
    project.warn(
      `'${node.name}' has ${rows(found)} where velo left ${expected}: it was edited by others ` +
        `(velo build --full-refresh --select ${node.name} makes it anew)`,
      node.span,
    );
  }
}

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

function warnOfStale({ leftStale }: Plan, { graph, warn }: LoadedProject): void {
  for (const [id, ranges] of leftStale) {
    const node = graph.nodes.get(id);
    const grain = node?.asOf?.grain ?? 'day';
    const count = grainsOf(ranges, grain);
    const length = `${count} ${grain}${count === 1 ? '' : 's'}`;
    warn(`'${node?.name ?? id}' has ${length} with late rows, left for a run without --no-late`);
  }
}

interface EditedTable {
  readonly node: Node;
  readonly expected: number;
  readonly found: number;
}

/** One query for all tables whose rows velo has counted. Hooks may write rows of their own: those are not counted. */
async function editedTables(
  { adapter, graph }: LoadedProject,
  session: WarehouseSession,
): Promise<EditedTable[]> {
  const { state } = session;
  const existing = existingRelations(graph, state.relations);
  const counted = [...graph.nodes.values()].flatMap((node) => {
    const expected = totalOf(node, state.ledger.states);
    const isThere = existing.get(node.id) === 'table' && !hasHooks(node);
    return node.relation && expected !== undefined && isThere
      ? [{ node, expected, from: adapter.dialect.relation(node.relation) }]
      : [];
  });
  if (counted.length === 0) return [];
  const queries = counted.map(({ from }, i) => `select ${i} as i, count(*) as n from ${from}`);
  const warehouse = await session.open();
  const answer = await warehouse.use(({ query }) => query(queries.join('\nunion all\n')));
  const found = new Map(answer.map(({ i, n }) => [Number(i), Number(n)]));
  return counted.flatMap(({ node, expected }, i) => {
    const count = found.get(i) ?? expected;
    return count === expected ? [] : [{ node, expected, found: count }];
  });
}

const totalOf = (node: Node, states: NodeStates): number | undefined =>
  node.asOf ? stateOf(states, node)?.totalRows : undefined;

const hasHooks = ({ config }: Node): boolean =>
  ['pre-hook', 'post-hook'].some((key) => {
    const hooks = config[key];
    return Array.isArray(hooks) && hooks.length > 0;
  });
