import { ConfigError } from '../core/errors.ts';
import { shown } from '../core/schema-issue.ts';

/** Numbers from `low` to `high`, both included; `log`: evenly in their logarithm. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly log?: boolean | undefined;
  readonly integer?: boolean | undefined;
}

export interface Choice {
  readonly choices: readonly ParamValue[];
}

export type ParamValue = number | string | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

/** What may be tried of each parameter. */
export type SearchSpace = Readonly<Record<string, Range | Choice>>;

/** Reads a space as a config writes it. Raises ConfigError invalid-config with the parameter. */
export function readSearchSpace(spec: unknown): SearchSpace {
  const space = isMapping(spec) ? Object.entries(spec) : [];
  if (space.length === 0)
    throw invalid(
      'tune: the space names no parameter',
      'learning_rate: {low: 0.01, high: 0.2, log: true}',
    );
  return Object.fromEntries(space.map(([name, dimension]) => [name, dimensionOf(name, dimension)]));
}

function dimensionOf(name: string, spec: unknown): Range | Choice {
  if (!isMapping(spec)) {
    throw invalid(
      `tune: ${name} must be a mapping, not ${shown(spec)}`,
      'write {low: 1, high: 10} or {choices: [a, b]}',
    );
  }
  const extra = Object.keys(spec).find(
    (key) => !['low', 'high', 'log', 'integer', 'choices'].includes(key),
  );
  if (extra)
    throw invalid(`tune: ${name} has no '${extra}'`, 'known: low, high, log, integer, choices');
  return 'choices' in spec ? choiceOf(name, spec) : rangeOf(name, spec);
}

function choiceOf(name: string, spec: Readonly<Record<string, unknown>>): Choice {
  const { choices } = spec;
  if (Object.keys(spec).length > 1) throw invalid(`tune: ${name} has choices and a range`);
  if (!Array.isArray(choices) || choices.length === 0 || !choices.every(isParamValue)) {
    throw invalid(
      `tune: ${name}.choices must be a list of numbers, texts or booleans that is not empty`,
    );
  }
  return { choices };
}

function rangeOf(
  name: string,
  { low, high, log, integer }: Readonly<Record<string, unknown>>,
): Range {
  for (const [key, value] of Object.entries({ low, high })) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw invalid(
        `tune: ${name}.${key} must be a number, not ${value === undefined ? 'missing' : shown(value)}`,
      );
    }
  }
  const range = {
    low: low as number,
    high: high as number,
    log: log === true,
    integer: integer === true,
  };
  if (range.low >= range.high)
    throw invalid(`tune: ${name}.low ${range.low} is not below its high ${range.high}`);
  if (range.log && range.low <= 0)
    throw invalid(`tune: ${name}.low is ${range.low}, and a logarithm needs more than 0`);
  if (range.integer && !(Number.isInteger(low) && Number.isInteger(high))) {
    throw invalid(`tune: ${name} is integer, its ends ${range.low} and ${range.high} are not`);
  }
  return range;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isParamValue = (value: unknown): value is ParamValue =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));

const invalid = (message: string, hint?: string): ConfigError =>
  new ConfigError('invalid-config', message, { hint });

/** The value of a range at `unit`, 0 to 1. Each integer has the same share, of its logarithm's length if `log`. */
export function valueAt({ low, high, log, integer }: Range, unit: number): number {
  const margin = integer ? 0.5 : 0;
  const [from, to] = log
    ? [Math.log(low - margin), Math.log(high + margin)]
    : [low - margin, high + margin];
  const at = from + unit * (to - from);
  const value = log ? Math.exp(at) : at;
  return Math.min(high, Math.max(low, integer ? Math.round(value) : value));
}

/** Where a value lies in its range, 0 to 1: `valueAt` of it is the value. */
export function unitOf({ low, high, log, integer }: Range, value: number): number {
  const margin = integer ? 0.5 : 0;
  const scale = log ? Math.log : (x: number) => x;
  return (scale(value) - scale(low - margin)) / (scale(high + margin) - scale(low - margin));
}
