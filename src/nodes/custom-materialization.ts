import { DatabaseError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { locateError } from './locate-error.ts';
import type { Builder } from './node-kind.ts';

/** What a model with a materialization of the project's own keeps: the macro, as its templates call it. */
export interface CustomDetail {
  readonly materialization: string;
}

export const customOf = ({ detail }: Node): string | undefined =>
  typeof detail === 'object' && detail !== null && 'materialization' in detail
    ? (detail as CustomDetail).materialization
    : undefined;

/**
 * A model made by a `{% materialization %}` of the project or of a package. All it does happens in the transaction of its
 * step: its `adapter.commit()` commits nothing. It runs the hooks itself.
 */
export const customBuilder: Builder = {
  claims: (node) => customOf(node) !== undefined,
  async build(node, context) {
    const { existing, replace } = context;
    const isIncremental = existing === 'table' && !replace;
    const compiled = await context.compile(node, { batch: undefined, isIncremental });
    const { sql } = compiled;
    const model = await context.macros.evaluate(node, 'dict(model, compiled_code=sql)', { sql });
    const call = `${customOf(node)}()`;
    const names = { sql, compiled_code: sql, model };
    await context.macros.evaluate(node, call, names).catch((error: unknown) => {
      throw error instanceof DatabaseError ? locateError(error, node, compiled) : error;
    });
    return { rows: undefined, message: 'OK', compiledCode: sql };
  },
};
