type PythonErrorType =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'UndefinedError'
  | 'SecurityError'
  | 'TemplateAssertionError'
  | 'FilterArgumentError'
  | 'TemplateRuntimeError'
  /** A limit of velo's, not Python's. */
  | 'Limit';

/** An error Python would raise; where it happened is added as it passes the expression. */
export class PythonError extends Error {
  readonly type: PythonErrorType;
  /** The undefined name that was called. */
  readonly calledName: string | undefined;

  constructor(type: PythonErrorType, message: string, calledName?: string) {
    super(message);
    this.type = type;
    this.calledName = calledName;
  }
}

export function raise(type: PythonErrorType, message: string): never {
  throw new PythonError(type, message);
}
