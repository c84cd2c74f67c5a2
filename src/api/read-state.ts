import type { Warehouse } from '../adapters/adapter.ts';
import type { Node } from '../core/node.ts';
import { stateKey, stateOf } from '../core/node-state.ts';
import { statePlace } from '../state/ledger-schema.ts';
import {
  type EditedTable,
  readWarehouseState,
  type WarehouseState,
} from '../state/warehouse-state.ts';
import type { LoadedProject } from './load-project.ts';
import { existingRelations, schemasOf } from './relations.ts';

/** What stands in the warehouse, read from it, and which tables others have edited. @throws DatabaseError */
export async function readState(
  project: LoadedProject,
  warehouse: Warehouse,
): Promise<WarehouseState> {
  const { adapter, adapterSettings } = project;
  const { dialect } = adapter;
  const place = statePlace(adapterSettings);
  const state = await readWarehouseState(warehouse, dialect, schemasOf(project), place);
  return { ...state, edited: await editedTables(project, warehouse, state) };
}

/** One query for all tables whose rows velo has counted. Hooks may write rows of their own: those are not counted. */
async function editedTables(
  { adapter, graph }: LoadedProject,
  warehouse: Warehouse,
  { ledger, relations }: WarehouseState,
): Promise<EditedTable[]> {
  const existing = existingRelations(graph, relations);
  const counted = [...graph.nodes.values()].flatMap((node) => {
    const expected = node.asOf ? stateOf(ledger.states, node)?.totalRows : undefined;
    const isThere = existing.get(node.id) === 'table' && !hasHooks(node);
    return node.relation && expected !== undefined && isThere
      ? [{ node, expected, from: adapter.dialect.relation(node.relation) }]
      : [];
  });
  if (counted.length === 0) return [];
  const queries = counted.map(({ from }, i) => `select ${i} as i, count(*) as n from ${from}`);
  const answer = await warehouse.use(({ query }) => query(queries.join('\nunion all\n')));
  const counts = new Map(answer.map(({ i, n }) => [Number(i), Number(n)]));
  return counted.flatMap(({ node: { id, place }, expected }, i) => {
    const found = counts.get(i) ?? expected;
    return found === expected ? [] : [{ key: stateKey(id, place), expected, found }];
  });
}

const hasHooks = ({ config }: Node): boolean =>
  ['pre-hook', 'post-hook'].some((key) => {
    const hooks = config[key];
    return Array.isArray(hooks) && hooks.length > 0;
  });
