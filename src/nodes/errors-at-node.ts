import { DatabaseError, ProjectError, VeloError, VeloErrors } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import type { Span } from '../core/span.ts';

/** Does what knows nothing of files: its errors stand at the node; those that know a better place keep it. */
export async function locally<T>(node: Node, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placed(error, node.span);
  }
}

/** The same of a setting, which is read at once. */
export function locallyAt<T>(span: () => Span, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(error, span());
  }
}

function placed(error: unknown, span: Span): unknown {
  if (error instanceof VeloErrors) return new VeloErrors(error.errors.map((one) => at(span, one)));
  return error instanceof VeloError ? at(span, error) : error;
}

function at(span: Span, error: VeloError): VeloError {
  if (error.span || error instanceof DatabaseError) return error;
  const { code, message, hint, cause } = error;
  return new ProjectError(code, message, { span, hint, cause });
}
