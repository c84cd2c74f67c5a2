import type { TypedColumnName } from '../adapters/adapter.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { SourceDetail } from '../nodes/source-text.ts';
import { type Binder, bindNode, bindTests } from './binder.ts';
import { type BindingRecord, bindingKey, type ColumnsOf } from './binding-record.ts';
import {
  type Binding,
  type BindingInput,
  columnsIn,
  type Inputs,
  isInlined,
  standingColumns,
  whyNotRead,
} from './inputs.ts';

export interface Bindings {
  readonly found: ReadonlyMap<NodeId, Binding>;
  /** For the next check. */
  readonly record: BindingRecord;
}

/**
 * Has the engine resolve every name and type of the nodes' SQL: each becomes an empty table that those after it read. No row
 * is read. What did not change since the check that made `record` is not looked at again.
 */
export async function bindNodes(input: BindingInput): Promise<Bindings> {
  const { nodes, parentsOf, record } = input;
  const found = new Map<NodeId, Binding>();
  // Others make these tables: what they are now is looked up each time.
  for (const node of nodes.filter((one) => isTable(one, input))) {
    found.set(node.id, await tableSource(node, input));
  }
  const last: ColumnsOf = (id) => record.nodes[id]?.columns;
  const keep = (node: Node, columnsOf: ColumnsOf): boolean => {
    if (input.run && node.updatesInPlace) return false;
    const columns = last(node.id);
    const isSame = record.nodes[node.id]?.key === bindingKey(node, parentsOf(node.id), columnsOf);
    if (columns && isSame) found.set(node.id, { status: 'kept', columns });
    return columns !== undefined && isSame;
  };
  const own = nodes.filter((node) => !found.has(node.id));
  const known: ColumnsOf = (id) => columnsIn(found, id);
  const kept = new Map<NodeId, readonly TypedColumnName[]>();
  const inputs: Inputs = {
    ...input,
    ...{ byId: new Map(nodes.map((node) => [node.id, node])), found, kept },
  };
  const settled = (node: Node): boolean => {
    if (keep(node, (id) => known(id) ?? last(id))) return true;
    const why = whyNotRead(node, inputs);
    if (why !== undefined) found.set(node.id, { status: 'unknown', why });
    return why !== undefined;
  };
  const hasChanged = own.map(settled).includes(false);
  if (hasChanged) {
    for (const { id } of own) found.delete(id);
    for (const node of own.filter((one) => input.run && one.updatesInPlace)) {
      const columns = node.relation && (await input.standing(node.relation));
      if (columns) kept.set(node.id, columns);
    }
    await input.lend(async (scratch) => {
      const { lookOnly } = scratch.dialect;
      if (lookOnly) await scratch.connection.execute(lookOnly);
      const binder: Binder = { scratch, inputs, made: new Set(), compiled: new Map() };
      // Nothing reads a test: those that have changed are looked at together.
      const tests: Node[] = [];
      for (const node of own) {
        if (keep(node, known)) continue;
        if (node.check) tests.push(node);
        else found.set(node.id, await bindNode(node, binder));
      }
      await bindTests(tests, binder, (test, binding) => void found.set(test.id, binding));
    });
  }
  const entries = own.flatMap((node) => {
    const binding = found.get(node.id);
    const columns = binding && 'columns' in binding && !binding.isPassing && binding.columns;
    return columns
      ? [[node.id, entryOf(bindingKey(node, parentsOf(node.id), known), columns)]]
      : [];
  });
  return { found, record: { nodes: { ...record.nodes, ...Object.fromEntries(entries) } } };
}

const entryOf = (key: string, columns: readonly TypedColumnName[]) => ({
  key,
  columns: columns.map(({ name, type }) => ({ name, type })),
});

/** What the run does not build is read as it stands, like tables of others. */
const isTable = (node: Node, { readsFiles, run }: BindingInput): boolean =>
  node.kind === 'source'
    ? !(readsFiles && (node.detail as SourceDetail).external)
    : run !== undefined && !node.check && !isInlined(node) && !run.builds(node);

const tableSource = (node: Node, { standing }: BindingInput): Promise<Binding> =>
  standingColumns(node, standing, 'the table is not in the target');
