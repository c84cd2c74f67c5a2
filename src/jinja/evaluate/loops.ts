import type { Call } from '../call.ts';
import type { ForNode } from '../nodes.ts';
import { isEqual, toArray } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import {
  isTruthy,
  JinjaFunction,
  type JinjaObject,
  PyTuple,
  Undefined,
  type Value,
} from '../python/types.ts';
import { spanOf, toEval } from './expressions.ts';
import { located } from './failures.ts';
import {
  countIteration,
  deeper,
  type Exec,
  type Frame,
  innerFrame,
  newOutput,
  type ToExec,
} from './frame.ts';
import { assign } from './targets.ts';

type RunLoop = (frame: Frame, over: Value, depth: number) => ReturnType<Exec>;

export function forClosure(node: ForNode, file: string, toExec: ToExec): Exec {
  const over = toEval(node.over, file);
  const keep = filterItems(node, file);
  const body = toExec(node.body, file);
  const otherwise = toExec(node.otherwise, file);
  const run: RunLoop = (frame, items, depth) => {
    const kept = keep(toArray(items), frame);
    if (kept.length === 0) return otherwise(frame);
    const loop = new Loop(kept, depth, node.recursive ? recursion(frame, run, depth) : undefined);
    for (const item of kept) {
      countIteration(frame.state);
      loop.index += 1;
      const inner = innerFrame(frame);
      inner.variables.set('loop', loop);
      assign(node.target, item, inner);
      if (body(inner) === 'break') break;
    }
    return undefined;
  };
  return (frame) => {
    try {
      return run(frame, over(frame), 0);
    } catch (error) {
      throw located(error, spanOf(node, file), frame.context);
    }
  };
}

/** The `if` of a `for`: it sees the item, and the `loop` of the loop around. */
function filterItems(
  node: ForNode,
  file: string,
): (items: Value[], frame: Frame) => readonly Value[] {
  if (!node.condition) return (items) => items;
  const holds = toEval(node.condition, file);
  return (items, frame) =>
    items.filter((item) => {
      countIteration(frame.state);
      const inner = innerFrame(frame);
      assign(node.target, item, inner);
      return isTruthy(holds(inner));
    });
}

/** `loop(items)` inside a recursive loop: the text the loop writes for `items`. */
function recursion(frame: Frame, run: RunLoop, depth: number): (call: Call) => string {
  return (call) =>
    deeper(frame.state, () => {
      const out = newOutput();
      run({ ...frame, out }, call.args[0], depth + 1);
      return out.text;
    });
}

/** The `loop` variable. */
class Loop implements JinjaObject {
  readonly jinjaType = 'LoopContext';
  readonly call: (call: Call) => Value;
  index = -1;
  private readonly items: readonly Value[];
  private readonly depth: number;
  private last: readonly Value[] | undefined;

  constructor(
    items: readonly Value[],
    depth: number,
    recurse: ((call: Call) => string) | undefined,
  ) {
    this.items = items;
    this.depth = depth;
    this.call =
      recurse ??
      (() =>
        raise('TypeError', "The loop must have the 'recursive' marker to be called recursively."));
  }

  getAttribute(name: string): Value {
    return Loop.attributes.get(name)?.(this);
  }

  length(): number {
    return this.items.length;
  }

  toString(): string {
    return `<LoopContext ${this.index + 1}/${this.items.length}>`;
  }

  private static readonly attributes: ReadonlyMap<string, (loop: Loop) => Value> = new Map<
    string,
    (loop: Loop) => Value
  >([
    ['index', (loop) => loop.index + 1],
    ['index0', (loop) => loop.index],
    ['revindex', (loop) => loop.items.length - loop.index],
    ['revindex0', (loop) => loop.items.length - loop.index - 1],
    ['first', (loop) => loop.index === 0],
    ['last', (loop) => loop.index === loop.items.length - 1],
    ['length', (loop) => loop.items.length],
    ['depth', (loop) => loop.depth + 1],
    ['depth0', (loop) => loop.depth],
    ['previtem', (loop) => loop.neighbour(-1, 'there is no previous item')],
    ['nextitem', (loop) => loop.neighbour(1, 'there is no next item')],
    ['cycle', (loop) => new JinjaFunction('cycle', (call) => loop.cycle(call.args))],
    ['changed', (loop) => new JinjaFunction('changed', (call) => loop.changed(call.args))],
  ]);

  private neighbour(offset: -1 | 1, absent: string): Value {
    const at = this.index + offset;
    return at < 0 || at >= this.items.length ? new Undefined(absent) : this.items[at];
  }

  private cycle(values: readonly Value[]): Value {
    if (values.length === 0) raise('TypeError', 'no items for cycling given');
    return values[this.index % values.length];
  }

  private changed(values: readonly Value[]): boolean {
    const isSame = this.last && isEqual(new PyTuple(this.last), new PyTuple(values));
    this.last = values;
    return !isSame;
  }
}
