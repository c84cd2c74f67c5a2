import type { Comparison, Expression } from './tree.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Months and years by their mean: their lengths differ, which is why `isRough` tells of them. */
const UNITS_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30.4375 * DAY_MS,
  quarter: 91.3125 * DAY_MS,
  year: 365.25 * DAY_MS,
};

/** A length of time in milliseconds. */
export interface Length {
  readonly ms: number;
  /** It is counted in months or years. */
  readonly isRough: boolean;
}

/** `base + shift`: an instant (epoch milliseconds UTC) or an expression that is not one, moved by a fixed length. */
export interface Moved {
  readonly base: Expression | number;
  readonly shift: Length;
}

const TIMES = /^(?:date|timestamp|timestamp with time zone|datetime|timestamptz)/;

/** Takes fixed lengths off an expression: `t - interval '3 days'`, `date '2024-01-31' + 1`, `t::date`. */
export function movedBy(expression: Expression): Moved {
  if (expression.kind === 'cast' && TIMES.test(expression.to)) {
    const { arg } = expression;
    const instant = arg.kind === 'constant' ? instantOf(arg.value) : undefined;
    return instant === undefined ? movedBy(arg) : { base: instant, shift: NO_TIME };
  }
  if (expression.kind !== 'call' || expression.args.length !== 2) return still(expression);
  const [left, right] = expression.args;
  if (!left || !right || (expression.name !== '+' && expression.name !== '-')) {
    return still(expression);
  }
  const length = lengthOf(right);
  if (!length) return still(expression);
  const { base, shift } = movedBy(left);
  const sign = expression.name === '+' ? 1 : -1;
  const isRough = shift.isRough || length.isRough;
  return { base, shift: { ms: shift.ms + sign * length.ms, isRough } };
}

const NO_TIME: Length = { ms: 0, isRough: false };

const still = (base: Expression): Moved => ({ base, shift: NO_TIME });

/** An interval, or a number of days. */
export function lengthOf(expression: Expression): Length | undefined {
  if (expression.kind === 'constant') {
    return typeof expression.value === 'number' ? days(expression.value) : undefined;
  }
  if (expression.kind === 'cast') {
    const { arg } = expression;
    if (expression.to !== 'interval') return lengthOf(arg);
    return arg.kind === 'constant' ? parseInterval(String(arg.value)) : undefined;
  }
  if (expression.kind !== 'call') return undefined;
  const unit = UNITS_MS[expression.name.replace(/^to_(\w+?)s$/, '$1')];
  const count = expression.args[0] && numberOf(expression.args[0]);
  return unit && count !== undefined ? inUnits(count, unit) : undefined;
}

const days = (count: number): Length => ({ ms: count * DAY_MS, isRough: false });

const inUnits = (count: number, unitMs: number): Length => ({
  ms: count * unitMs,
  isRough: unitMs > 7 * DAY_MS,
});

/** A number, whatever casts and roundings the parser puts around it. */
function numberOf(expression: Expression): number | undefined {
  if (expression.kind === 'constant') {
    return typeof expression.value === 'number' ? expression.value : undefined;
  }
  if (expression.kind === 'cast') return numberOf(expression.arg);
  const [arg] = expression.kind === 'call' && expression.name === 'trunc' ? expression.args : [];
  return arg && numberOf(arg);
}

function parseInterval(text: string): Length | undefined {
  const match = /^\s*(-?\d+)\s+(\w+?)s?\s*$/.exec(text);
  const unit = UNITS_MS[(match?.[2] ?? '').toLowerCase()];
  return match && unit ? inUnits(Number(match[1]), unit) : undefined;
}

/** Epoch milliseconds of a date or timestamp written in a constant. */
export function instantOf(value: unknown): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(String(value));
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `earlier < later + slack`, or `<=` unless `isStrict`: what a comparison of times says. */
export interface Ordered {
  readonly earlier: Expression | number;
  readonly later: Expression | number;
  readonly slack: Length;
  readonly isStrict: boolean;
  readonly at: number | undefined;
}

/** The order a comparison asserts; undefined for one that asserts none. */
export function orderedBy(expression: Expression): Ordered | undefined {
  if (expression.kind !== 'compare') return undefined;
  const { op, left, right, at } = expression;
  const isReversed = op === '>' || op === '>=';
  if (!isReversed && op !== '<' && op !== '<=') return undefined;
  const [small, big] = (isReversed ? [right, left] : [left, right]).map(movedBy);
  if (!small || !big) return undefined;
  return {
    earlier: small.base,
    later: big.base,
    slack: {
      ms: big.shift.ms - small.shift.ms,
      isRough: small.shift.isRough || big.shift.isRough,
    },
    isStrict: op === '<' || op === '>',
    at,
  };
}

/** The parts of a condition that must all hold. */
export function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (!condition) return [];
  if (condition.kind === 'logic' && condition.op === 'and')
    return condition.args.flatMap(conjuncts);
  return [condition];
}

export const isEquality = (op: Comparison): boolean => op === '=' || op === 'is not distinct from';
