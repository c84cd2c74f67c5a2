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

/** The longest text one operation may make, in characters, and the longest list. */
const MAX_SIZE = 50_000_000;
const MAX_ITEMS = 10_000_000;

/** Raises when an operation would make a text longer than memory should hold. */
export function checkSize(size: number): void {
  if (size > MAX_SIZE) raise('Limit', `a text of ${size} characters is too long`);
}

/** Raises when an operation would make a list longer than memory should hold. */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS) raise('Limit', `a list of ${count} items is too long`);
}
