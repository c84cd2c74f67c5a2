import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import type { MacroNode } from '../nodes.ts';
import { raise } from '../python/error.ts';
import { JinjaFunction, PyTuple, Undefined, type Value } from '../python/types.ts';
import { MacroReturn, Suspend } from '../signals.ts';
import { toEval } from './expressions.ts';
import { located, traced } from './failures.ts';
import {
  countCall,
  deeper,
  type Eval,
  type Exec,
  type Frame,
  type Output,
  runningState,
  type State,
  type ToExec,
  withState,
} from './frame.ts';

/** A macro's parts as closures, made when it is first called. */
interface Converted {
  readonly fallbacks: readonly (Eval | undefined)[];
  readonly body: Exec;
}

/** Shared by every binding of a macro: the closures hold no variables. */
const conversions = new WeakMap<MacroNode, Converted>();

function converted(node: MacroNode, file: string, convertBody: ToExec): Converted {
  const known = conversions.get(node);
  if (known) return known;
  const made: Converted = {
    fallbacks: node.parameters.map(({ fallback }) => fallback && toEval(fallback, file)),
    body: convertBody(node.body, file),
  };
  conversions.set(node, made);
  return made;
}

/** A macro defined in the template that is rendered, or the body of a call block. */
export function macroFunction(
  node: MacroNode,
  file: string,
  definition: Frame,
  convertBody: ToExec,
): JinjaFunction {
  const { context } = definition;
  return new JinjaFunction(node.name, (call) =>
    callMacro(node, file, { parent: definition, context }, call, convertBody),
  );
}

/** The scope a macro closes over: none for a macro of a project. */
interface Definition {
  readonly parent: Frame | undefined;
  readonly context: Context;
}

export function callMacro(
  node: MacroNode,
  file: string,
  definition: Definition,
  call: Call,
  convertBody: ToExec,
): Value {
  const state = runningState();
  // A macro that velo itself calls is a render of its own.
  if (!state) {
    return withState(undefined, () => callMacro(node, file, definition, call, convertBody));
  }
  try {
    countCall(state);
    return deeper(state, () => runMacro(node, file, definition, call, state, convertBody));
  } catch (error) {
    if (error instanceof MacroReturn && node.macroKind !== 'caller') return error.value;
    if (error instanceof Suspend) {
      error.trace.push({ text: describe(node), span: call.span });
      throw error;
    }
    const placed = located(error, call.span, call.context);
    throw traced(placed, { text: describe(node), span: call.span });
  }
}

function describe(node: MacroNode): string {
  return node.macroKind === 'caller' ? 'caller()' : `${node.macroKind} '${node.name}'`;
}

function runMacro(
  node: MacroNode,
  file: string,
  definition: Definition,
  call: Call,
  state: State,
  convertBody: ToExec,
): string {
  const { fallbacks, body } = converted(node, file, convertBody);
  const out: Output = { text: '', marks: state.macros && [] };
  const { parent, context } = definition;
  const frame: Frame = { variables: new Map(), parent, context, state, out };
  const rest = bindNamed(node, call, frame);
  for (let index = 0; index < node.parameters.length; index += 1) {
    const name = node.parameters[index]?.name ?? '';
    if (frame.variables.has(name)) continue;
    const value = fallbacks[index]?.(frame);
    frame.variables.set(name, value ?? absent(value, name));
  }
  bindSpecial(node, call, rest, frame);
  body(frame);
  const { text, marks } = out;
  if (state.macros && marks) state.macros.last = { what: describe(node), file, text, marks };
  return text;
}

/** A fallback may be None; without one the parameter is undefined. */
function absent(value: Value, name: string): Value {
  return value === null ? null : new Undefined(`parameter '${name}' was not provided`, name);
}

/** Binds what is passed; answers the keyword arguments that no parameter takes. */
function bindNamed(node: MacroNode, call: Call, frame: Frame): Map<string, Value> {
  if (call.kwargs.size === 0) return bindPositional(node, call, frame);
  const rest = new Map(call.kwargs);
  for (const [index, { name }] of node.parameters.entries()) {
    if (index < call.args.length) frame.variables.set(name, passed(call.args[index], name));
    else if (rest.has(name)) {
      frame.variables.set(name, passed(rest.get(name), name));
      rest.delete(name);
    }
  }
  return rest;
}

function bindPositional(
  { parameters }: MacroNode,
  { args }: Call,
  frame: Frame,
): Map<string, Value> {
  const count = Math.min(parameters.length, args.length);
  for (let index = 0; index < count; index += 1) {
    const name = parameters[index]?.name ?? '';
    frame.variables.set(name, passed(args[index], name));
  }
  return new Map();
}

/** A host may pass JavaScript's undefined; a scope holds only values. */
function passed(value: Value, name: string): Value {
  return value === undefined ? absent(value, name) : value;
}

/** `caller`, `kwargs` and `varargs` exist for a macro that names them; others refuse extras. */
function bindSpecial(node: MacroNode, call: Call, rest: Map<string, Value>, frame: Frame): void {
  const takes = (name: string) => node.names.has(name) && !frame.variables.has(name);
  if (takes('caller')) {
    const missing = new Undefined('No caller defined', 'caller');
    if (node.macroKind !== 'caller') frame.variables.set('caller', rest.get('caller') ?? missing);
    rest.delete('caller');
  }
  const [extra] = rest.keys();
  if (takes('kwargs')) frame.variables.set('kwargs', rest);
  else if (extra === 'caller') refuseCaller(node);
  else if (extra !== undefined) {
    raise('TypeError', `macro '${node.name}' takes no keyword argument '${extra}'`);
  }
  const most = node.parameters.length;
  if (takes('varargs')) frame.variables.set('varargs', new PyTuple(call.args.slice(most)));
  else if (call.args.length > most) {
    raise('TypeError', `macro '${node.name}' takes not more than ${most} argument(s)`);
  }
}

function refuseCaller(node: MacroNode): never {
  return raise(
    'TypeError',
    `macro '${node.name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
  );
}
