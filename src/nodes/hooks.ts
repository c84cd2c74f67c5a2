import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { customOf } from './custom-materialization.ts';
import type { BuildContext } from './node-kind.ts';

interface Hook {
  readonly sql: string;
  readonly transaction: boolean;
}

/**
 * Runs a node's hooks of one place, in order: those inside its transaction, or those outside. A materialization of the
 * project's own runs them itself. @throws ProjectError, DatabaseError
 */
export async function runNodeHooks(
  node: Node,
  when: 'pre-hook' | 'post-hook',
  where: 'inside' | 'outside',
  { connection, macros }: Pick<BuildContext, 'connection' | 'macros'>,
): Promise<void> {
  if (customOf(node) !== undefined) return;
  const hooks = (node.config[when] as readonly Hook[] | undefined) ?? [];
  for (const { sql, transaction } of hooks) {
    if (transaction !== (where === 'inside')) continue;
    const text = await macros.render(node, { ...node.span, text: sql });
    if (text.trim() === '') continue;
    await connection.fetch(text).catch((error: unknown) => {
      throw error instanceof DatabaseError ? atHook(error, node, when) : error;
    });
  }
}

const atHook = (error: DatabaseError, { span }: Node, when: string): DatabaseError =>
  new DatabaseError(error.code, `${when}: ${error.message}`, error.sql, {
    span,
    hint: error.hint,
    cause: error,
  });
