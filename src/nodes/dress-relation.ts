import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { relationValue } from '../jinja/contexts/relation-value.ts';
import { customOf } from './custom-materialization.ts';
import type { BuildContext } from './node-kind.ts';

type Entry = Readonly<Record<string, unknown>>;

/** Some privilege or part is asked for. */
const isGiven = (setting: unknown): setting is Entry =>
  typeof setting === 'object' && setting !== null && Object.values(setting).some(Boolean);

/**
 * What a published relation carries besides its rows: a change of it is a change of the node, but for those made
 * in ranges, of which no row would be other. Undefined where there is nothing.
 */
export function dressFacts(
  { grants, persist_docs, as_of }: Entry,
  { description, columns }: Pick<Node, 'description' | 'columns'>,
): Entry | undefined {
  if (as_of !== undefined || !(isGiven(grants) || isGiven(persist_docs))) return undefined;
  const told = columns.map((column) => [column.name, column.description]);
  return {
    grants: grants ?? {},
    docs: isGiven(persist_docs) ? [persist_docs, description, told] : [],
  };
}

/**
 * Gives a relation the grants its settings name, takes away others, and writes its descriptions to the database; in the
 * transaction that publishes it, so that nobody sees it without. @throws DatabaseError, ProjectError
 */
export async function dressRelation(
  node: Node,
  { dialect, macros }: Pick<BuildContext, 'dialect' | 'macros'>,
): Promise<void> {
  const { relation, storesRows, config } = node;
  const calls = [
    ...(isGiven(config['grants']) ? [GRANT] : []),
    ...(isGiven(config['persist_docs']) ? ['persist_docs(target, model)'] : []),
  ];
  if (!relation || calls.length === 0 || customOf(node) !== undefined) return;
  const { materialized } = node;
  const type = materialized === 'materialized_view' ? materialized : storesRows ? 'table' : 'view';
  const target = relationValue(relation, dialect.relation(relation), type);
  for (const call of calls) {
    await macros.evaluate(node, call, { target }).catch((error: unknown) => {
      throw error instanceof DatabaseError ? atNode(error, node) : error;
    });
  }
}

const GRANT = "apply_grants(target, config.get('grants'), should_revoke=True)";

const atNode = (error: DatabaseError, { span }: Node): DatabaseError =>
  new DatabaseError(error.code, error.message, error.sql, { span, hint: error.hint, cause: error });
