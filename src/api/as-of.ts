import { ConfigError } from '../core/errors.ts';
import { addGrains, parseInstant } from '../core/grain.ts';

/**
 * End of what is asked for, exclusive, epoch milliseconds UTC. `--as-of` names the last date (or
 * hour); without it that is yesterday in the project's time zone. Dates only: no clock change matters.
 * @throws ConfigError 'usage', 'invalid-config'
 */
export function asOfEnd(asked: string | undefined, timezone: string, nowMs: number): number {
  if (asked === undefined) return startOfToday(timezone, nowMs);
  const instant = parseInstant(asked);
  if (instant === undefined) {
    throw new ConfigError('usage', `--as-of '${asked}' is not a date`, {
      hint: "write it as '2024-01-31', or '2024-01-31 13:00' for hours",
    });
  }
  return addGrains(instant, 1, asked.trim().length > 10 ? 'hour' : 'day');
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
