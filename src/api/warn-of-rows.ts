import { stateKey } from '../core/node-state.ts';
import type { Plan } from '../core/plan.ts';
import { grainsOf } from '../plan/batching.ts';
import type { WarehouseState } from '../state/warehouse-state.ts';
import type { LoadedProject } from './load-project.ts';

/** Tells of tables that hold other rows than velo left in them, and of dates that are left out of date. */
export function warnOfRows(plan: Plan, project: LoadedProject, state: WarehouseState): void {
  warnOfStale(plan, project);
  const nodes = new Map(
    [...project.graph.nodes.values()].map((node) => [stateKey(node.id, node.place), node]),
  );
  for (const { key, expected, found } of state.edited) {
    const node = nodes.get(key);
    // Built since, its rows are velo's again.
    if (!node || state.ledger.states.get(key)?.totalRows !== expected) continue;
    project.warn(
      `'${node.name}' has ${rows(found)} where velo left ${expected}: others have edited it ` +
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
