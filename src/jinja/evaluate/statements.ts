import type {
  Body,
  CallBlockNode,
  FilterBlockNode,
  FilterNode,
  IfNode,
  OutputNode,
  Position,
  SetBlockNode,
  SetNode,
  Statement,
  WithNode,
} from '../nodes.ts';
import { toText } from '../python/text.ts';
import { isTruthy, type Value } from '../python/types.ts';
import { callClosure } from './calls.ts';
import { filterApplication, spanOf, toEval } from './expressions.ts';
import { located } from './failures.ts';
import { type Exec, type Frame, innerFrame, newOutput, write } from './frame.ts';
import { forClosure } from './loops.ts';
import { macroFunction } from './macros.ts';
import { assign } from './targets.ts';

/** Converts a body the first time it runs: branches not taken cost nothing. */
export function toExec(body: Body, file: string): Exec {
  let steps: readonly Exec[] | undefined;
  return (frame) => {
    steps ??= body.map((statement) => statementClosure(statement, file));
    for (const step of steps) {
      const completion = step(frame);
      if (completion) return completion;
    }
    return undefined;
  };
}

function statementClosure(node: Statement, file: string): Exec {
  switch (node.kind) {
    case 'data':
      return plain(node, file, (frame) => write(frame, node.text, node, 1));
    case 'output':
      return outputClosure(node, file);
    case 'do': {
      const run = toEval(node.value, file);
      return plain(node, file, (frame) => run(frame));
    }
    case 'if':
      return ifClosure(node, file);
    case 'for':
      return forClosure(node, file, toExec);
    case 'set':
      return setClosure(node, file);
    case 'set-block':
      return setBlockClosure(node, file);
    case 'filter-block':
      return filterBlockClosure(node, file);
    case 'with':
      return withClosure(node, file);
    case 'call-block':
      return callBlockClosure(node, file);
    case 'macro':
      return (frame) => {
        frame.variables.set(node.name, macroFunction(node, file, frame, toExec));
        return undefined;
      };
    case 'break':
    case 'continue': {
      const { kind } = node;
      return () => kind;
    }
  }
}

/** A statement that ends normally; its errors get its place unless they have one. */
function plain(at: Position, file: string, run: (frame: Frame) => unknown): Exec {
  return (frame) => {
    try {
      run(frame);
      return undefined;
    } catch (error) {
      throw located(error, spanOf(at, file), frame.context);
    }
  };
}

function outputClosure(node: OutputNode, file: string): Exec {
  const run = toEval(node.value, file);
  return plain(node, file, (frame) => write(frame, toText(run(frame)), node, 0));
}

function ifClosure(node: IfNode, file: string): Exec {
  const branches = node.branches.map(({ condition, body }) => ({
    holds: toEval(condition, file),
    run: toExec(body, file),
  }));
  const otherwise = toExec(node.otherwise, file);
  return (frame) => {
    for (const branch of branches) if (isTruthy(branch.holds(frame))) return branch.run(frame);
    return otherwise(frame);
  };
}

function setClosure(node: SetNode, file: string): Exec {
  const value = toEval(node.value, file);
  return plain(node, file, (frame) => assign(node.target, value(frame), frame));
}

/** What a body writes, as text; its variables stay in it. */
function captured(body: Body, file: string): (frame: Frame) => string {
  const run = toExec(body, file);
  return (frame) => {
    const out = newOutput();
    run(innerFrame(frame, out));
    return out.text;
  };
}

function setBlockClosure(node: SetBlockNode, file: string): Exec {
  const capture = captured(node.body, file);
  const apply = node.filter && filterChain(node.filter, file);
  return plain(node, file, (frame) => {
    const text = capture(frame);
    assign(node.target, apply ? apply(frame, text) : text, frame);
  });
}

function filterBlockClosure(node: FilterBlockNode, file: string): Exec {
  const capture = captured(node.body, file);
  const apply = filterChain(node.filter, file);
  return plain(node, file, (frame) => {
    write(frame, toText(apply(frame, capture(frame))), node, 0);
  });
}

/** The filters of a block, innermost first: the last is the outermost node. */
function filterChain(node: FilterNode, file: string): (frame: Frame, text: Value) => Value {
  const apply = filterApplication(node, file);
  const { target } = node;
  if (target?.kind !== 'filter') return apply;
  const inner = filterChain(target, file);
  return (frame, text) => apply(frame, inner(frame, text));
}

/** Every value is evaluated before any name is bound: they see the scope around the block. */
function withClosure(node: WithNode, file: string): Exec {
  const bindings = node.bindings.map(({ target, value }) => ({
    target,
    value: toEval(value, file),
  }));
  const run = toExec(node.body, file);
  return (frame) => {
    const values = bindings.map(({ value }) => value(frame));
    const inner = innerFrame(frame);
    for (const [index, { target }] of bindings.entries()) assign(target, values[index], inner);
    return run(inner);
  };
}

function callBlockClosure(node: CallBlockNode, file: string): Exec {
  const run = callClosure(node.call, file, toEval, (frame) =>
    macroFunction(node.caller, file, frame, toExec),
  );
  return plain(node, file, (frame) => write(frame, toText(run(frame)), node, 0));
}
