import { raise } from './error.ts';

/** The longest text one operation may make, in characters, and the longest list. */
const MAX_SIZE = 50_000_000;
const MAX_ITEMS = 10_000_000;

/** Work an iteration may do on average before a render is stopped. */
const WORK_PER_ITERATION = 20;

/** Rendering is synchronous, so one count serves; none outside of a render. */
let budget: { readonly all: number; left: number } | undefined;

/**
 * Runs a render, which may do work in proportion to the iterations it may make. A render within a
 * render uses up that of the outer one.
 */
export function withWork<T>(iterations: number, work: () => T): T {
  if (budget) return work();
  const all = iterations * WORK_PER_ITERATION;
  budget = { all, left: all };
  try {
    return work();
  } finally {
    budget = undefined;
  }
}

/**
 * Counts work that no loop of the template shows: an item looked at or made is one, eight
 * characters are one. Raises when the render has done more than it may.
 */
export function spend(units: number): void {
  if (!budget) return;
  budget.left -= units;
  if (budget.left < 0) raise('Limit', `the template does more than ${budget.all} steps of work`);
}

/** Counts the work an operation has with a text; other values cost nothing. */
export function spendOn(value: unknown): void {
  if (typeof value === 'string' && value.length > 64) spend(value.length >>> 3);
}

/** Raises when an operation would make a text longer than memory should hold; counts what it copies. */
export function checkSize(size: number, copied = size): void {
  if (size > MAX_SIZE) raise('Limit', `a text of ${size} characters is too long`);
  if (copied > 64) spend(copied / 8);
}

/** Raises when an operation would make a list longer than memory should hold. */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS) raise('Limit', `a list of ${count} items is too long`);
  spend(count);
}
