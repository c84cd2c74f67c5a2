import type { Node, NodeId } from '../core/node.ts';

/** Columns of a model that tests speak of. */
interface TestedColumns {
  readonly unique: Set<string>;
  /** Named by tests that are disabled. */
  readonly uniqueOff: Set<string>;
  readonly notNull: Set<string>;
}

const UNIQUE: ReadonlySet<string> = new Set(['unique', 'unique_combination_of_columns']);

/**
 * The columns that tests show to be a model's key, by dbt's rule: those tested to be unique and not null, else those
 * tested to be unique, else those whose test of it is disabled. One pass over all nodes.
 */
export function testedKeys(
  enabled: Iterable<Node>,
  disabled: Iterable<Node>,
): (id: NodeId) => readonly string[] {
  const tested = new Map<NodeId, TestedColumns>();
  for (const node of enabled) noteColumns(node, true, tested);
  for (const node of disabled) noteColumns(node, false, tested);
  return (id) => {
    const columns = tested.get(id);
    return columns ? keyOf(columns) : [];
  };
}

function noteColumns(
  { check }: Node,
  isEnabled: boolean,
  tested: Map<NodeId, TestedColumns>,
): void {
  const { attachedTo, generic } = check ?? {};
  if (attachedTo === undefined || generic === undefined) return;
  const isUnique = UNIQUE.has(generic.name);
  if (!isUnique && generic.name !== 'not_null') return;
  const columns = columnsOf(generic.args);
  if (columns.length === 0) return;
  let known = tested.get(attachedTo);
  if (!known) {
    known = { unique: new Set(), uniqueOff: new Set(), notNull: new Set() };
    tested.set(attachedTo, known);
  }
  const set = isUnique ? (isEnabled ? known.unique : known.uniqueOff) : known.notNull;
  for (const column of columns) set.add(column);
}

function columnsOf(args: Readonly<Record<string, unknown>>): readonly string[] {
  const { column_name: column, combination_of_columns: several } = args;
  if (typeof column === 'string') return [column];
  return Array.isArray(several) ? several.map(String) : [];
}

function keyOf({ unique, uniqueOff, notNull }: TestedColumns): readonly string[] {
  const both = [...notNull].filter((column) => unique.has(column) || uniqueOff.has(column));
  if (both.length > 0) return both;
  return unique.size > 0 ? [...unique] : [...uniqueOff];
}
