import type { TypedColumnName } from '../adapters/adapter.ts';
import type { VeloError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { BindingRecord } from './binding-record.ts';

/** What is known of a node's columns. `why`: what keeps it from being looked at. */
export type Binding =
  | {
      readonly status: 'bound' | 'kept';
      readonly columns: readonly TypedColumnName[];
      /** Those of a table as it stands, not of its code: they may be others after the next build. */
      readonly isPassing?: true | undefined;
    }
  | { readonly status: 'unknown'; readonly why: string }
  | {
      readonly status: 'error';
      readonly errors: readonly VeloError[];
      /** The SQL as rendered, where it came to that. */
      readonly compiledCode?: string | undefined;
    };

export interface BindingInput {
  /** Nodes to look at and all they read, parents first. */
  readonly nodes: readonly Node[];
  readonly parentsOf: (id: NodeId) => readonly NodeId[];
  readonly projectDir: string;
  /** What earlier checks found. */
  readonly record: BindingRecord;
  /** The engine reads files in place; else their rows stand in tables of the target. */
  readonly readsFiles: boolean;
  /** Columns of a relation as it stands in the target; undefined where it does not. */
  readonly standing: (relation: Relation) => Promise<readonly TypedColumnName[] | undefined>;
  /** Lends a place in which tables can be made, for as long as `work` takes. Called only when something has changed. */
  readonly lend: <T>(work: (scratch: Scratch) => Promise<T>) => Promise<T>;
  /** A run that is about to start, for which this is; absent: nothing is to be built. */
  readonly run?: ComingRun | undefined;
}

/** Before a run what may go well must not be called wrong: what cannot be said before it is unknown. */
export interface ComingRun {
  /** Whether the run makes it; all else it finds as it stands in the target. */
  builds(node: Node): boolean;
  /** Whether the run would fail with it, too. */
  isCertain(error: VeloError, node: Node): boolean;
  /** Whether macros of the project make its relation: they decide which columns it has. */
  isMadeByMacros(node: Node): boolean;
}

/** What the nodes looked at so far were found to be. */
export interface Inputs extends BindingInput {
  /** Columns that stand in tables which the run changes bit by bit: they stay, whatever the SELECT says. */
  readonly kept: ReadonlyMap<NodeId, readonly TypedColumnName[]>;
  readonly byId: ReadonlyMap<NodeId, Node>;
  readonly found: ReadonlyMap<NodeId, Binding>;
}

export function columnsIn(found: ReadonlyMap<NodeId, Binding>, id: NodeId) {
  const binding = found.get(id);
  return binding && 'columns' in binding ? binding.columns : undefined;
}

/** The columns a contract or the target's own table says a node has. */
export async function standingColumns(
  node: Node,
  standing: BindingInput['standing'],
  why: string,
): Promise<Binding> {
  const declared = declaredColumns(node);
  if (declared) return { status: 'bound', columns: declared };
  const columns = node.relation && (await standing(node.relation));
  return columns ? { status: 'bound', columns, isPassing: true } : { status: 'unknown', why };
}

/** What a contract says. */
function declaredColumns({ columns, config, kind }: Node): readonly TypedColumnName[] | undefined {
  const contract = config['contract'] as { readonly enforced?: unknown } | undefined;
  const isDeclared = kind === 'source' || contract?.enforced === true;
  const typed = columns.flatMap(({ name, dataType }) =>
    dataType ? [{ name, type: dataType }] : [],
  );
  return isDeclared && typed.length > 0 && typed.length === columns.length ? typed : undefined;
}

/** It has no table: its SQL becomes a part of what reads it. */
export const isInlined = ({ materialized }: Node): boolean => materialized === 'ephemeral';

/** One with an error is taken to have the columns it had: what reads it may have errors of its own. */
export const columnsToRead = ({ id }: Node, { found, record }: Inputs) =>
  columnsIn(found, id) ?? record.nodes[id]?.columns;

/** Why a node cannot be looked at: it reads what nobody knows the columns of. The cause is told, not what came of it. */
export function whyNotRead(node: Node, inputs: Inputs): string | undefined {
  const { parentsOf, byId, found } = inputs;
  for (const id of parentsOf(node.id)) {
    const parent = byId.get(id);
    if (!parent) continue;
    const binding = found.get(id);
    const isReadable = isInlined(parent)
      ? binding?.status !== 'error'
      : columnsToRead(parent, inputs) !== undefined;
    const inner = isInlined(parent) ? whyNotRead(parent, inputs) : undefined;
    if (inner !== undefined) return inner;
    if (isReadable) continue;
    const why = binding?.status === 'unknown' ? binding.why : 'it has an error';
    return why.startsWith(UNKNOWN) ? why : `${UNKNOWN} ${parent.name} are not known: ${why}`;
  }
  return undefined;
}

const UNKNOWN = 'the columns of';
