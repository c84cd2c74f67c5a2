import { ConfigError } from '../core/errors.ts';
import { addGrains, parseInstant } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';

/**
 * End of what is asked for, exclusive, epoch milliseconds UTC. `--as-of` names the last date (or
 * hour); without it that is yesterday in the project's time zone. Dates only: no clock change matters.
 * @throws ConfigError 'usage', 'invalid-config'
 */
export function asOfEnd(asked: string | undefined, timezone: string, nowMs: number): number {
  return asked === undefined ? startOfToday(timezone, nowMs) : endOf('--as-of', asked);
}

/** The start of a date or hour. @throws ConfigError 'usage' */
export function dateOf(flag: string, text: string): number {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  throw new ConfigError('usage', `${flag} '${text}' is not a date`, {
    hint: "write it as '2024-01-31', or '2024-01-31 13:00' for hours",
  });
}

const endOf = (flag: string, text: string): number =>
  addGrains(dateOf(flag, text), 1, text.trim().length > 10 ? 'hour' : 'day');

/** `2024-01-01..2024-02-01`, both included, or one date. @throws ConfigError 'usage' */
export function restatedRange(text: string): Interval {
  const [first = '', last = first, ...more] = text.split('..');
  const range = { start: dateOf('--restate', first), end: endOf('--restate', last) };
  if (more.length === 0 && range.start < range.end) return range;
  throw new ConfigError('usage', `--restate '${text}' is not a range of dates`, {
    hint: "write it as '2024-01-01..2024-02-01'; both dates are built",
  });
}

function startOfToday(timezone: string, nowMs: number): number {
  try {
    // en-CA writes dates as ISO does.
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(nowMs);
    return Date.parse(`${date}T00:00:00Z`);
  } catch {
    throw new ConfigError('invalid-config', `timezone '${timezone}' is not known`, {
      hint: "use a name such as 'Europe/Madrid' in the project file",
    });
  }
}
