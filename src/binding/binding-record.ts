import * as z from 'zod';
import type { TypedColumnName } from '../adapters/adapter.ts';
import { hashOf } from '../core/fingerprint.ts';
import type { Node, NodeId } from '../core/node.ts';

const columns = z.array(z.object({ name: z.string(), type: z.string() }));

/** What checks found of nodes without fault, by their ids. `key`: see {@link bindingKey}. */
export const bindingRecord = z.object({
  nodes: z.record(z.string(), z.object({ key: z.string(), columns })),
});

export type BindingRecord = Readonly<z.infer<typeof bindingRecord>>;

export const NO_RECORD: BindingRecord = { nodes: {} };

/** Columns of a node; undefined where they are not known. */
export type ColumnsOf = (id: NodeId) => readonly TypedColumnName[] | undefined;

/** Changes when the node does, or the columns of what it reads: as long as it is the same, so is what the engine says. */
export const bindingKey = (
  { fingerprint }: Node,
  parents: readonly NodeId[],
  columnsOf: ColumnsOf,
): string => hashOf([fingerprint, ...parents.map((id) => [id, hashOfColumns(columnsOf(id))])]);

/** Many tests read one table: its columns are gone through once. */
const hashes = new WeakMap<readonly TypedColumnName[], string>();

function hashOfColumns(columns: readonly TypedColumnName[] | undefined): string | null {
  if (!columns) return null;
  const known = hashes.get(columns) ?? hashOf(columns);
  hashes.set(columns, known);
  return known;
}
