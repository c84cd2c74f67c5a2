import type { Environment } from '../config/environment.ts';
import { environmentOption } from '../config/environment.ts';
import { ConfigError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import { parseEventTime } from '../core/microbatch.ts';

export interface EventTimeOptions {
  /** First instant of the batches of microbatch models, such as `2024-01-05` or `2024-01-05 06:00:00`, UTC. */
  readonly eventTimeStart?: string | undefined;
  /** Instant they end at. */
  readonly eventTimeEnd?: string | undefined;
}

const [START, END] = ['--event-time-start', '--event-time-end'];

/** The window of event time that is asked for; undefined when none is. @throws ConfigError 'usage' */
export function eventTimeWindow(
  options: EventTimeOptions,
  environment: Environment,
): Interval | undefined {
  const start = options.eventTimeStart ?? environmentOption(environment, 'EVENT_TIME_START');
  const end = options.eventTimeEnd ?? environmentOption(environment, 'EVENT_TIME_END');
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    const [given, missing] = start === undefined ? [END, START] : [START, END];
    throw new ConfigError('usage', `${given} needs ${missing}`, {
      hint: 'a window of event time has both ends',
    });
  }
  const window = { start: instantOf(start, START), end: instantOf(end, END) };
  if (window.start < window.end) return window;
  throw new ConfigError('usage', `${START} '${start}' is not before ${END} '${end}'`);
}

function instantOf(text: string, flag: string): number {
  const instant = parseEventTime(text);
  if (instant !== undefined) return instant;
  throw new ConfigError('usage', `${flag} '${text}' is not a time`, {
    hint: "write it as '2024-01-31', or '2024-01-31 13:00:00'",
  });
}
