import type { Span } from '../core/span.ts';
import type { Context } from './context.ts';
import { PythonError, raise } from './python/error.ts';
import { bind, signatureOf } from './python/signature.ts';
import { typeName } from './python/text.ts';
import { isJinjaObject, isUndefined, JinjaFunction, type Value } from './python/types.ts';

/** One call from a template to a function. */
export interface Call {
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  /** Where in the template the call stands. */
  readonly span: Span;
  /** Where a keyword argument stands; the call's own place when it is not written. */
  readonly kwargSpan: (name: string) => Span;
  /** What the caller sees. */
  readonly context: Context;
}

/** Makes a host function callable from templates; `call` may throw VeloErrors. */
export function jinjaFunction(name: string, call: (call: Call) => Value): JinjaFunction {
  return new JinjaFunction(name, call);
}

/** Calls a value from within a host function: a macro that was passed, or `caller`. */
export function callFunction(
  callee: Value,
  from: Call,
  args: readonly Value[] = [],
  kwargs: ReadonlyMap<string, Value> = new Map(),
): Value {
  return callValue(callee, { ...from, args, kwargs });
}

/** Calls a function or a callable object; raises UndefinedError or TypeError for anything else. */
export function callValue(callee: Value, call: Call): Value {
  if (callee instanceof JinjaFunction) return callee.call(call);
  if (isUndefined(callee)) {
    const { reason = 'a value is undefined', name } = callee ?? {};
    throw new PythonError('UndefinedError', reason, name ?? '');
  }
  if (isJinjaObject(callee) && callee.call) return callee.call(call);
  return raise('TypeError', `'${typeName(callee)}' object is not callable`);
}

/** By their text: functions write them down at every call. */
const signatures = new Map<string, ReturnType<typeof signatureOf>>();

/**
 * The arguments of a call by name, bound as Python would: `'name'`, `'optional?'`, `'*args'` (an
 * array), `'**kwargs'` (a Map). What is not passed is undefined. Raises Python's TypeErrors.
 */
export function bindArguments(
  call: Pick<Call, 'args' | 'kwargs'>,
  signature: readonly string[],
  functionName: string,
): Record<string, Value> {
  const text = signature.join();
  let parsed = signatures.get(text);
  if (!parsed) {
    parsed = signatureOf(signature);
    signatures.set(text, parsed);
  }
  const values = bind(parsed, call.args, call.kwargs, functionName);
  const byName: Record<string, Value> = {};
  for (const [index, key] of parsed.keys.entries()) byName[key] = values[index];
  return byName;
}
