import type { Span } from '../../core/span.ts';
import { type Call, callValue } from '../call.ts';
import type { Arguments, CallNode, Expression, NamedArgument } from '../nodes.ts';
import { toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { toText, typeName } from '../python/text.ts';
import { Undefined, type Value } from '../python/types.ts';
import { located } from './failures.ts';
import type { Eval, Frame } from './frame.ts';

interface EvaluatedArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export type ArgumentsEval = (frame: Frame) => EvaluatedArguments;

type Convert = (node: Expression, file: string) => Eval;

const NO_NAMED: ReadonlyMap<string, Value> = new Map();

export function toArguments(args: Arguments, file: string, convert: Convert): ArgumentsEval {
  const positional = args.positional.map((node) => convert(node, file));
  const named = args.named.map(({ name, value }) => [name, convert(value, file)] as const);
  const spread = args.spread && convert(args.spread, file);
  const spreadNamed = args.spreadNamed && convert(args.spreadNamed, file);
  if (named.length === 0 && !spread && !spreadNamed) {
    return (frame) => ({ positional: positional.map((run) => run(frame)), named: NO_NAMED });
  }
  return (frame) => {
    const values = positional.map((run) => run(frame));
    if (spread) values.push(...toArray(spread(frame)));
    const byName = new Map(named.map(([name, run]) => [name, run(frame)]));
    if (spreadNamed) addNamed(byName, spreadNamed(frame));
    return { positional: values, named: byName };
  };
}

function addNamed(byName: Map<string, Value>, mapping: Value): void {
  if (!(mapping instanceof Map)) {
    raise('TypeError', `argument after ** must be a mapping, not ${typeName(mapping)}`);
  }
  for (const [key, value] of mapping) {
    const name = typeof key === 'string' ? key : raise('TypeError', 'keywords must be strings');
    if (byName.has(name)) {
      raise('TypeError', `got multiple values for keyword argument '${toText(name)}'`);
    }
    byName.set(name, value);
  }
}

/** A call expression; with `caller`, the call of a call block. */
export function callClosure(
  node: CallNode,
  file: string,
  convert: Convert,
  callerOf?: (frame: Frame) => Value,
): Eval {
  const callee = convert(node.callee, file);
  const args = toArguments(node.args, file, convert);
  const span: Span = { file, line: node.line, column: node.column };
  const kwargSpan = namedSpan(node.args.named, span);
  return (frame) => {
    try {
      const target = callee(frame);
      const { positional, named } = args(frame);
      const kwargs = callerOf ? new Map(named).set('caller', callerOf(frame)) : named;
      const { context } = frame;
      const call: Call = { args: positional, kwargs, span, kwargSpan, context };
      const result = callValue(target, call);
      return result === undefined ? new Undefined('the function returned nothing') : result;
    } catch (error) {
      throw located(error, span, frame.context);
    }
  };
}

function namedSpan(named: readonly NamedArgument[], span: Span): (name: string) => Span {
  return (name) => {
    const argument = named.find((other) => other.name === name);
    return argument ? { file: span.file, line: argument.line, column: argument.column } : span;
  };
}
