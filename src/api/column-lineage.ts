import type { ColumnLineage } from '../artifacts/lineage.ts';
import type { ColumnOf } from '../core/leakage.ts';
import type { NodeId } from '../core/node.ts';
import type { NodeColumns } from '../leakage/column-paths.ts';
import { bindProject } from './bind-project.ts';
import { followColumns } from './lineage.ts';
import type { LoadedProject } from './load-project.ts';

/** Of every model. Values alone: what decides which rows there are would be the same for every column. @throws DatabaseError */
export async function columnLineage(
  project: LoadedProject,
  signal: AbortSignal | undefined,
): Promise<ColumnLineage> {
  const made = [...project.graph.nodes.values()].filter(({ check }) => check === undefined);
  const bound = await bindProject(project, new Set(made.map(({ id }) => id)), signal);
  const { graph, opaque } = await followColumns(project, bound, signal);
  const unclear = new Set(opaque.map(({ id }) => id));
  const models = Array.from(graph, ([id, node]) => {
    return [id, unclear.has(id) ? NONE : valuesOf(node)] as const;
  });
  return { models: new Map(models), unclear };
}

const NONE: ReadonlyMap<string, readonly ColumnOf[]> = new Map();

/** Each column once. */
const valuesOf = ({ columns }: NodeColumns): ReadonlyMap<string, readonly ColumnOf[]> =>
  new Map(
    Array.from(columns, ([name, edges]) => {
      const values = edges.filter(({ role }) => role === 'value').map(({ from }) => from);
      const once = new Map(values.map((one): [string, ColumnOf] => [keyOf(one), one]));
      return [name, [...once.values()]];
    }),
  );

const keyOf = ({ node, column }: { node: NodeId; column: string }): string => `${node}.${column}`;
