import type { TraceEntry } from '../core/errors.ts';
import type { Value } from './python/types.ts';

/** Thrown by `return()`; the call of the macro around it yields the value as it is. */
export class MacroReturn extends Error {
  readonly value: Value;

  constructor(value: Value) {
    // Macros return thousands of times, and nobody reads where from: the stack costs more than the macro.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super('return() is called outside of a macro');
    Error.stackTraceLimit = limit;
    this.value = value;
  }
}

/** Ends the macro that is being called with `value`. */
export function macroReturn(value: Value): never {
  throw new MacroReturn(value);
}

/**
 * Thrown by a context function that needs something asynchronous before the template can go on.
 * It passes through the template untouched: do what `request` asks, remember the answer, and
 * render again.
 */
export class Suspend extends Error {
  readonly request: unknown;
  /** The macro calls it has passed, innermost first. */
  readonly trace: TraceEntry[] = [];

  constructor(request: unknown) {
    super('the template waits for a query');
    this.request = request;
  }
}
