import { DatabaseError, ProjectError, VeloError, VeloErrors } from '../core/errors.ts';
import type { Node } from '../core/node.ts';

/** Does what knows nothing of files: its errors stand at the node; those that know a better place keep it. */
export async function locally<T>(node: Node, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VeloErrors) throw new VeloErrors(error.errors.map((one) => at(node, one)));
    throw error instanceof VeloError ? at(node, error) : error;
  }
}

function at({ span }: Node, error: VeloError): VeloError {
  if (error.span || error instanceof DatabaseError) return error;
  const { code, message, hint, cause } = error;
  return new ProjectError(code, message, { span, hint, cause });
}
