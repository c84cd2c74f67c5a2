import type { Context } from '../context.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import type { Body, Position } from '../nodes.ts';
import { raise } from '../python/error.ts';
import type { Value } from '../python/types.ts';
import { withWork } from '../python/work.ts';

/** What one render has used so far. Every frame of the render shares it. */
export interface State {
  readonly limits: Limits;
  iterations: number;
  depth: number;
  outputSize: number;
  /** Where what macros write comes from; undefined when nobody will ask. */
  readonly macros: MacroMap | undefined;
}

/** What the source map knows of macros. */
interface MacroMap {
  /** What the macro wrote that ended last: most often it is written to the output next. */
  last: MacroText | undefined;
  /** Macros whose text was written, and where they were called; marks have their indexes. */
  readonly calls: MacroCall[];
}

export interface MacroText {
  /** `macro 'cents'`. */
  readonly what: string;
  readonly file: string;
  readonly text: string;
  readonly marks: readonly number[];
}

export interface MacroCall {
  readonly written: MacroText;
  readonly at: Position;
}

function newState(limits: Limits = DEFAULT_LIMITS, mapsMacros = false): State {
  const macros = mapsMacros ? { last: undefined, calls: [] } : undefined;
  return { limits, iterations: 0, depth: 0, outputSize: 0, macros };
}

/** Where output goes. Marks are kept for what the source map is asked about. */
export interface Output {
  text: string;
  /**
   * Offset in `text`, line, column, and 1 when template lines advance with the text; or offset, index of a call of a
   * macro, 0, and 2 when that macro wrote it.
   */
  readonly marks: number[] | undefined;
}

/** One scope of variables. */
export interface Frame {
  readonly variables: Map<string, Value>;
  readonly parent: Frame | undefined;
  readonly context: Context;
  readonly state: State;
  readonly out: Output;
}

/** An expression, ready to run. It never answers JavaScript's undefined. */
export type Eval = (frame: Frame) => Value;

/** How a statement ended: undefined is normally. */
type Completion = 'break' | 'continue' | undefined;

/** A statement, ready to run. */
export type Exec = (frame: Frame) => Completion;

/** Converts a body into a closure. */
export type ToExec = (body: Body, file: string) => Exec;

let running: State | undefined;

/** Of the render that runs now: rendering is synchronous, so there is one at most. */
export const runningState = (): State | undefined => running;

/**
 * Runs a render with the limits of the one it stands in, if it does: a template that renders
 * another one gets nothing for it.
 */
export function withState<T>(
  limits: Limits | undefined,
  work: (state: State) => T,
  mapsMacros = false,
): T {
  if (running) return work(running);
  const state = newState(limits, mapsMacros);
  running = state;
  try {
    return withWork(state.limits.iterations, () => work(state));
  } finally {
    running = undefined;
  }
}

export function rootFrame(context: Context, state: State, out: Output): Frame {
  return { variables: new Map(), parent: undefined, context, state, out };
}

export function innerFrame(frame: Frame, out: Output = frame.out): Frame {
  return {
    variables: new Map(),
    parent: frame,
    context: frame.context,
    state: frame.state,
    out,
  };
}

export function newOutput(): Output {
  return { text: '', marks: undefined };
}

/** Adds to the output; raises when the render has written more than it may. */
export function write(frame: Frame, text: string, at: Position, running: 0 | 1): void {
  if (text === '') return;
  const { out, state } = frame;
  if (out.marks) mark(out.marks, frame, text, at, running);
  out.text += text;
  state.outputSize += text.length;
  if (state.outputSize > state.limits.outputSize) {
    raise('Limit', `the template writes more than ${state.limits.outputSize} characters`);
  }
}

function mark(marks: number[], frame: Frame, text: string, at: Position, running: 0 | 1): void {
  const { out, state } = frame;
  const written = running === 0 ? state.macros?.last : undefined;
  if (!state.macros || written?.text !== text) {
    marks.push(out.text.length, at.line, at.column, running);
    return;
  }
  state.macros.calls.push({ written, at: { line: at.line, column: at.column } });
  marks.push(out.text.length, state.macros.calls.length - 1, 0, 2);
}

export function countIteration(state: State): void {
  state.iterations += 1;
  if (state.iterations > state.limits.iterations) {
    raise('Limit', `the template loops more than ${state.limits.iterations} times`);
  }
}

/** Counts a call with the iterations: two macros that each call the other twice never come to an end either. */
export function countCall(state: State): void {
  state.iterations += 1;
  if (state.iterations > state.limits.iterations) {
    raise('Limit', `the template calls macros more than ${state.limits.iterations} times`);
  }
}

/** Runs `work` one call deeper. */
export function deeper<T>(state: State, work: () => T): T {
  if (state.depth >= state.limits.depth) {
    raise('Limit', `macros call each other more than ${state.limits.depth} deep`);
  }
  state.depth += 1;
  try {
    return work();
  } finally {
    state.depth -= 1;
  }
}
