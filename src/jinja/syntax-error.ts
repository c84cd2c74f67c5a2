import { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { Position } from './nodes.ts';

/** What lexer and parser throw; they do not know the file. */
export class SyntaxFailure extends Error {
  readonly at: Position;
  readonly hint: string | undefined;

  constructor(message: string, at: Position, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

export function syntaxFailure(message: string, at: Position, hint?: string): SyntaxFailure {
  return new SyntaxFailure(message, at, hint);
}

/** The failure as the error the user sees. */
export function toProjectError(failure: SyntaxFailure, file: string): ProjectError {
  const span = { file, line: failure.at.line, column: failure.at.column };
  return new ProjectError('template-syntax', failure.message, { span, hint: failure.hint });
}

export function limitError(message: string, span: Span): ProjectError {
  return new ProjectError('template-limit', message, { span });
}
