import { type Environment, environmentOption } from '../config/environment.ts';
import { readYamlText } from '../config/warn-error-options.ts';
import { ConfigError } from '../core/errors.ts';
import type { Excerpt } from '../core/excerpt.ts';
import type { Interval } from '../core/interval.ts';
import { addLength, parseLength } from '../core/length-of-time.ts';
import { parseEventTime } from '../core/microbatch.ts';

export interface ExcerptOptions {
  /** Inputs are read without their rows. */
  readonly empty?: boolean | undefined;
  /** Inputs with an event time are read from then on, `3 days`, or in between, `{start: 2024-01-04, end: 2024-01-06}`; UTC. */
  readonly sample?: string | undefined;
}

/** What of the inputs is asked for; undefined: all. `now`: epoch milliseconds. @throws ConfigError 'usage' */
export function excerptAsked(
  { empty, sample }: ExcerptOptions,
  environment: Environment,
  now: number,
): Excerpt | undefined {
  if (empty ?? isTrue(environmentOption(environment, 'EMPTY'))) return { kind: 'empty' };
  const text = sample ?? environmentOption(environment, 'SAMPLE');
  return text === undefined ? undefined : { kind: 'sample', window: sampleWindow(text, now) };
}

const isTrue = (text: string | undefined): boolean => /^(?:1|t|true|y|yes|on)$/i.test(text ?? '');

function sampleWindow(text: string, now: number): Interval {
  const length = parseLength(text.toLowerCase());
  if (length) return { start: addLength(now, length, -1), end: now };
  const { start, end } = windowOf(text);
  if (start === undefined || end === undefined) throw fault(text, 'names no window of time');
  if (start >= end) throw fault(text, 'ends before it starts');
  return { start, end };
}

function windowOf(text: string): Partial<Interval> {
  const given = readYamlText(text);
  if (typeof given !== 'object' || given === null) return {};
  const { start, end, ...others } = given as Readonly<Record<string, unknown>>;
  return Object.keys(others).length > 0 ? {} : { ...at('start', start), ...at('end', end) };
}

function at(name: 'start' | 'end', value: unknown): Partial<Interval> {
  const instant = value instanceof Date ? value.getTime() : parseEventTime(String(value));
  return instant === undefined ? {} : { [name]: instant };
}

const fault = (text: string, what: string): ConfigError =>
  new ConfigError('usage', `--sample '${text}' ${what}`, {
    hint: "such as '3 days', '12 hours' or '{start: 2024-01-04, end: 2024-01-06}'",
  });
