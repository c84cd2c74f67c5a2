import type { Connection, Dialect, RelationInfo, Warehouse } from '../adapters/adapter.ts';
import { DatabaseError, VeloError } from '../core/errors.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import { type NodeResult, untouched } from '../core/result.ts';
import { askConnection } from '../nodes/ask-connection.ts';
import { macrosIn, sessionMacros } from '../nodes/build-macros.ts';
import type { CompileScope } from '../nodes/compile.ts';
import { dressRelation } from '../nodes/dress-relation.ts';
import type { LoadedProject } from './load-project.ts';
import { relationKey } from './relations.ts';

/** What cloning nodes needs. */
export interface Cloner {
  readonly project: LoadedProject;
  readonly warehouse: Warehouse;
  readonly scope: CompileScope;
  /** Where the earlier run has left nodes. */
  readonly earlier: ReadonlyMap<NodeId, Relation>;
  /** What stands in the target, by `relationKey`: what is made is added. */
  readonly standing: Map<string, RelationInfo>;
  /** What stands in the target is replaced. */
  readonly fullRefresh: boolean;
}

/** Message of a node that was cloned just now. */
export const CLONED = 'OK';

/** Makes a view in a node's place on what the earlier run has left; a failure is a result. */
export async function cloneNode(node: Node, cloner: Cloner): Promise<NodeResult> {
  const { now, emit } = cloner.project;
  const startedAt = now();
  const { status, message, error } = await tryToClone(node, cloner);
  if (status === 'success' && message !== CLONED) emit({ type: 'message', message });
  const durationMs = now() - startedAt;
  return {
    ...untouched(node.id, 'skipped', message, startedAt),
    status,
    error,
    durationMs,
    thread: 1,
  };
}

type Outcome = Pick<NodeResult, 'status' | 'message' | 'error'>;

const done = (message: string): Outcome => ({ status: 'success', message, error: undefined });

async function tryToClone(node: Node, cloner: Cloner): Promise<Outcome> {
  const { project, earlier, standing, fullRefresh, warehouse } = cloner;
  const { dialect } = project.adapter;
  const from = earlier.get(node.id);
  const to = node.relation;
  if (!from || !to) return done(`No relation found in state manifest for ${node.id}`);
  const existing = standing.get(relationKey(to));
  // A view on itself would be all that is left of its rows.
  const isItself = dialect.relation(from) === dialect.relation(to);
  if (isItself || (existing && !fullRefresh)) {
    return done(`Relation ${dialect.relation(to)} already exists`);
  }
  try {
    await warehouse.use((connection) => makeView({ node, from, to, existing }, connection, cloner));
  } catch (error) {
    if (!(error instanceof VeloError)) throw error;
    const located =
      error instanceof DatabaseError ? atNode(error, node, dialect.relation(from)) : error;
    return { status: 'error', message: error.message, error: located };
  }
  standing.set(relationKey(to), { relation: to, type: 'view' });
  return done(CLONED);
}

const atNode = (error: DatabaseError, { span }: Node, from: string): DatabaseError =>
  new DatabaseError(error.code, error.message, error.sql, {
    span,
    hint: `the manifest says it stands in ${from}: this database must have it, or have it attached`,
    cause: error,
  });

interface NewView {
  readonly node: Node;
  readonly from: Relation;
  readonly to: Relation;
  readonly existing: RelationInfo | undefined;
}

/** With its grants and descriptions: nobody sees it without them. */
async function makeView(
  { node, from, to, existing }: NewView,
  connection: Connection,
  { scope, project }: Cloner,
): Promise<void> {
  const dialect: Dialect = project.adapter.dialect;
  const rows = `select * from ${dialect.relation(from)}`;
  const macros = macrosIn(sessionMacros(scope), askConnection(connection));
  await connection.transaction(async () => {
    await connection.execute(dialect.createSchema(to));
    for (const statement of dialect.replaceView(to, rows, existing?.type)) {
      await connection.execute(statement);
    }
    await dressRelation(asView(node), { dialect, macros });
  });
}

/** Laid over the node, since a node of the cache reads its fields only when it is asked for them. */
const asView = (node: Node): Node =>
  Object.create(node, {
    storesRows: { value: false, enumerable: true },
    materialized: { value: 'view', enumerable: true },
  }) as Node;
