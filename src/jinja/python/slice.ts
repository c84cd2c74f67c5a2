import { hasSurrogates } from './compare.ts';
import { raise } from './error.ts';
import { asInt } from './method.ts';
import { PyRange, PyTuple, type Value } from './types.ts';
import { checkItems, spend, spendOn } from './work.ts';

/** The characters of a text: indexes count code points, as in Python. */
export function characters(text: string): readonly string[] {
  spend(text.length);
  return isPaired(text) ? Array.from(text) : text.split('');
}

export function textLength(text: string): number {
  return isPaired(text) ? characters(text).length : text.length;
}

/** The character at an index, from the end when it is negative; undefined when there is none. */
export function characterAt(text: string, index: number): string | undefined {
  return isPaired(text) ? characters(text).at(index) : text.at(index);
}

let lastText = '';
let lastIsPaired = false;

/** Whether some characters are pairs of surrogates. A loop over indexes asks of one text again and again. */
function isPaired(text: string): boolean {
  if (text.length < 64) return hasSurrogates(text);
  if (text !== lastText) {
    spendOn(text);
    lastIsPaired = hasSurrogates(text);
  }
  // Also when they are equal: the same text is known at sight, another of its kind has to be compared.
  lastText = text;
  return lastIsPaired;
}

/** `target[start:stop:step]`; undefined when the target cannot be sliced. */
export function sliceOf(target: Value, start: Value, stop: Value, step: Value): Value {
  if (typeof target === 'string') return sliceText(target, start, stop, step);
  if (Array.isArray(target)) return pick(target, start, stop, step);
  if (target instanceof PyTuple) return new PyTuple(pick(target.items, start, stop, step));
  return target instanceof PyRange
    ? sliceRange(target, bounds(target.length, start, stop, step))
    : undefined;
}

function sliceText(text: string, start: Value, stop: Value, step: Value): string {
  if (isPaired(text) || asInt(step, 1) !== 1) {
    return pick(characters(text), start, stop, step).join('');
  }
  const { from, to } = bounds(text.length, start, stop, step);
  return text.slice(from, Math.max(from, to));
}

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

function bounds(length: number, start: Value, stop: Value, step: Value): Bounds {
  const stride = asInt(step, 1);
  if (stride === 0) raise('ValueError', 'slice step cannot be zero');
  const [low, high] = stride > 0 ? [0, length] : [-1, length - 1];
  const from = bound(asInt(start, stride > 0 ? low : high), start, low, high, length);
  const to = bound(asInt(stop, stride > 0 ? high : low), stop, low, high, length);
  return { from, to, stride };
}

function pick<T>(items: readonly T[], start: Value, stop: Value, step: Value): T[] {
  const { from, to, stride } = bounds(items.length, start, stop, step);
  checkItems(Math.max(0, Math.ceil((to - from) / stride)));
  if (stride === 1) return items.slice(from, Math.max(from, to));
  const picked: T[] = [];
  for (let at = from; stride > 0 ? at < to : at > to; at += stride) picked.push(items[at] as T);
  return picked;
}

function sliceRange(range: PyRange, { from, to, stride }: Bounds): PyRange {
  return new PyRange(range.at(from), range.at(to), range.step * stride);
}

function bound(value: number, given: Value, low: number, high: number, length: number): number {
  if (given === undefined || given === null) return value;
  const index = value < 0 ? value + length : value;
  return Math.min(Math.max(index, low), high);
}
