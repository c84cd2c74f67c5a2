import { didYouMean } from '../../core/did-you-mean.ts';
import { type ErrorCode, ProjectError, type TraceEntry, VeloError } from '../../core/errors.ts';
import type { Span } from '../../core/span.ts';
import type { Context } from '../context.ts';
import { PythonError } from '../python/error.ts';

/**
 * The error as it leaves an expression: Python's errors become ProjectErrors at `span`, and a
 * VeloError of a context function gets the place where it was called. Anything else is not ours.
 */
export function located(error: unknown, span: Span, context: Context): unknown {
  if (error instanceof PythonError) return fromPython(error, span, context);
  if (error instanceof VeloError && !error.span) return withDetails(error, { span });
  return error;
}

function fromPython(error: PythonError, span: Span, context: Context): ProjectError {
  const hint = error.calledName ? didYouMean(error.calledName, context.names?.() ?? []) : undefined;
  return new ProjectError(codeOf(error), error.message, { span, hint, cause: error });
}

function codeOf(error: PythonError): ErrorCode {
  if (error.type === 'Limit') return 'template-limit';
  return error.calledName === undefined ? 'template-error' : 'unknown-macro';
}

/** Adds a macro call to the way the error has come. */
export function traced(error: unknown, entry: TraceEntry): unknown {
  if (!(error instanceof VeloError)) return error;
  return withDetails(error, { trace: [...error.trace, entry] });
}

/** In place: a copy would lose the subclass and what it carries. */
function withDetails(
  error: VeloError,
  details: { readonly span: Span } | { readonly trace: readonly TraceEntry[] },
): VeloError {
  return Object.assign(error, details);
}
