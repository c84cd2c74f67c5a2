import type { Span } from '../../core/span.ts';
import { FILTERS, TESTS } from '../built-ins.ts';
import { GLOBALS } from '../globals.ts';
import type {
  CompareOperator,
  ConditionalNode,
  Expression,
  FilterNode,
  Position,
  TestNode,
} from '../nodes.ts';
import { getAttribute, getItem, getSlice } from '../python/access.ts';
import { applyBinary, applySign } from '../python/arithmetic.ts';
import { compare, contains, isEqual, setKey } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { bind } from '../python/signature.ts';
import { toText } from '../python/text.ts';
import { isTruthy, PyTuple, Undefined, type Value } from '../python/types.ts';
import { checkSize } from '../python/work.ts';
import { type ArgumentsEval, callClosure, toArguments } from './calls.ts';
import { located } from './failures.ts';
import type { Eval, Frame } from './frame.ts';

/** Converts a tree into a closure; `file` is for the places of errors. */
export function toEval(node: Expression, file: string): Eval {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return nameClosure(node.name);
    case 'attribute': {
      const target = toEval(node.target, file);
      const { name } = node;
      return guarded(node, file, (frame) => getAttribute(target(frame), name));
    }
    case 'item':
      return binaryClosure(node.target, node.key, node, file, getItem);
    case 'slice': {
      const target = toEval(node.target, file);
      const [start, stop, step] = [node.start, node.stop, node.step].map((bound) =>
        bound ? toEval(bound, file) : () => null,
      ) as [Eval, Eval, Eval];
      return guarded(node, file, (frame) =>
        getSlice(target(frame), start(frame), stop(frame), step(frame)),
      );
    }
    case 'call':
      return callClosure(node, file, toEval);
    case 'filter':
      return filterClosure(node, file);
    case 'test':
      return testClosure(node, file);
    case 'list': {
      const items = node.items.map((item) => toEval(item, file));
      return (frame) => items.map((item) => item(frame));
    }
    case 'tuple': {
      const items = node.items.map((item) => toEval(item, file));
      return (frame) => new PyTuple(items.map((item) => item(frame)));
    }
    case 'dict':
      return dictClosure(node.entries, node, file);
    case 'binary': {
      const { operator } = node;
      return binaryClosure(node.left, node.right, node, file, (a, b) =>
        applyBinary(operator, a, b),
      );
    }
    case 'unary':
      return unaryClosure(node.operator, toEval(node.operand, file), node, file);
    case 'and':
    case 'or': {
      const left = toEval(node.left, file);
      const right = toEval(node.right, file);
      const stopsAt = node.kind === 'or';
      return (frame) => {
        const value = left(frame);
        return isTruthy(value) === stopsAt ? value : right(frame);
      };
    }
    case 'compare':
      return compareClosure(node.left, node.rest, node, file);
    case 'concat':
      return concatClosure(node.parts, node, file);
    case 'conditional':
      return conditionalClosure(node, file);
  }
}

export function spanOf(at: Position, file: string): Span {
  return { file, line: at.line, column: at.column };
}

/** Gives errors of `run` the place of the node. */
function guarded(at: Position, file: string, run: Eval): Eval {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      throw located(error, spanOf(at, file), frame.context);
    }
  };
}

export function lookup(start: Frame, name: string): Value {
  for (let frame: Frame | undefined = start; frame; frame = frame.parent) {
    const value = frame.variables.get(name);
    if (value !== undefined) return value;
  }
  const value = start.context.lookup(name);
  if (value !== undefined) return value;
  return GLOBALS.get(name) ?? new Undefined(`'${name}' is undefined`, name);
}

function nameClosure(name: string): Eval {
  return (frame) => lookup(frame, name);
}

function binaryClosure(
  leftNode: Expression,
  rightNode: Expression,
  at: Position,
  file: string,
  apply: (a: Value, b: Value) => Value,
): Eval {
  const left = toEval(leftNode, file);
  const right = toEval(rightNode, file);
  return guarded(at, file, (frame) => apply(left(frame), right(frame)));
}

function unaryClosure(
  operator: '-' | '+' | 'not',
  operand: Eval,
  at: Position,
  file: string,
): Eval {
  if (operator === 'not') return (frame) => !isTruthy(operand(frame));
  return guarded(at, file, (frame) => applySign(operator, operand(frame)));
}

function dictClosure(
  entries: readonly (readonly [Expression, Expression])[],
  at: Position,
  file: string,
): Eval {
  const pairs = entries.map(([key, value]) => [toEval(key, file), toEval(value, file)] as const);
  return guarded(at, file, (frame) => {
    const dict = new Map<Value, Value>();
    for (const [key, value] of pairs) setKey(dict, key(frame), value(frame));
    return dict;
  });
}

const COMPARE: Readonly<Record<CompareOperator, (a: Value, b: Value) => boolean>> = {
  '==': isEqual,
  '!=': (a, b) => !isEqual(a, b),
  '<': (a, b) => compare(a, b, '<') < 0,
  '<=': (a, b) => compare(a, b, '<=') <= 0,
  '>': (a, b) => compare(a, b, '>') > 0,
  '>=': (a, b) => compare(a, b, '>=') >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
};

function compareClosure(
  leftNode: Expression,
  rest: readonly { readonly operator: CompareOperator; readonly right: Expression }[],
  at: Position,
  file: string,
): Eval {
  const first = toEval(leftNode, file);
  const steps = rest.map(({ operator, right }) => ({
    holds: COMPARE[operator],
    right: toEval(right, file),
  }));
  return guarded(at, file, (frame) => {
    let left = first(frame);
    for (const step of steps) {
      const right = step.right(frame);
      if (!step.holds(left, right)) return false;
      left = right;
    }
    return true;
  });
}

function concatClosure(parts: readonly Expression[], at: Position, file: string): Eval {
  const pieces = parts.map((part) => toEval(part, file));
  return guarded(at, file, (frame) => {
    let text = '';
    let longest = 0;
    for (const piece of pieces) {
      const part = toText(piece(frame));
      longest = Math.max(longest, part.length);
      text += part;
    }
    // The longest part is only referred to: a text that grows bit by bit costs the bits.
    checkSize(text.length, text.length - longest);
    return text;
  });
}

function conditionalClosure(node: ConditionalNode, file: string): Eval {
  const condition = toEval(node.condition, file);
  const value = toEval(node.value, file);
  const otherwise = node.otherwise && toEval(node.otherwise, file);
  const reason = 'the inline if-expression evaluated to false and no else section was defined.';
  return (frame) => {
    if (isTruthy(condition(frame))) return value(frame);
    return otherwise ? otherwise(frame) : new Undefined(reason);
  };
}

function filterClosure(node: FilterNode, file: string): Eval {
  const target = node.target ? toEval(node.target, file) : () => '';
  const apply = filterApplication(node, file);
  return (frame) => apply(frame, target(frame));
}

/** A filter with its arguments, to be applied to a value: that of an expression or a block. */
export function filterApplication(
  node: FilterNode,
  file: string,
): (frame: Frame, target: Value) => Value {
  const filter = FILTERS.get(node.name);
  const args: ArgumentsEval = toArguments(node.args, file, toEval);
  return (frame, target) => {
    try {
      if (!filter) raise('TemplateAssertionError', `No filter named '${node.name}'.`);
      const { positional, named } = args(frame);
      return filter.run(bind(filter.signature, [target, ...positional], named, filter.name));
    } catch (error) {
      throw located(error, spanOf(node, file), frame.context);
    }
  };
}

function testClosure(node: TestNode, file: string): Eval {
  const target = toEval(node.target, file);
  const test = TESTS.get(node.name);
  const args = toArguments(node.args, file, toEval);
  return guarded(node, file, (frame) => {
    if (!test) return raise('TemplateAssertionError', `No test named '${node.name}'.`);
    const { positional, named } = args(frame);
    return test.run(bind(test.signature, [target(frame), ...positional], named, test.name));
  });
}
