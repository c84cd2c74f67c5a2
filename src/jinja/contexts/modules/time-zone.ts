import type { JinjaObject, Value } from '../../python/types.ts';
import { recordValue } from '../record-value.ts';
import { pad } from './calendar.ts';

/** Python's tzinfo: the offset of a place at a time. Times are microseconds since 1970. */
export interface TimeZone extends JinjaObject {
  readonly zoneName: string;
  /** Offset in seconds, and its name, at an instant. */
  atInstant(utcMs: number): ZoneOffset;
  /** The same at a clock time of the place; of two the first. */
  atWall(wallMs: number): ZoneOffset;
}

export interface ZoneOffset {
  readonly seconds: number;
  readonly name: string;
}

export function isTimeZone(value: Value): value is TimeZone {
  return typeof value === 'object' && value !== null && 'atInstant' in value;
}

/** `+05:30`, as `isoformat` writes it; with seconds only where there are some. */
export function offsetText(seconds: number, colon = ':'): string {
  const size = Math.abs(seconds);
  const text = `${seconds < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}${colon}${pad(Math.floor(size / 60) % 60)}`;
  return size % 60 === 0 ? text : `${text}${colon}${pad(size % 60)}`;
}

/** A zone that is always at the same offset. */
export function fixedZone(seconds: number, name?: string): TimeZone {
  const shown = name ?? (seconds === 0 ? 'UTC' : `UTC${offsetText(seconds)}`);
  const offset = { seconds, name: shown };
  return {
    ...recordValue('timezone', { zone: shown }),
    zoneName: shown,
    atInstant: () => offset,
    atWall: () => offset,
    toString: () => shown,
    isEqual: (other) => isTimeZone(other) && other.zoneName === shown,
  };
}

export const UTC: TimeZone = fixedZone(0, 'UTC');

const zones = new Map<string, TimeZone>();

/** A zone of the tz database by its name, such as `Asia/Hong_Kong`; undefined when there is none. */
export function namedZone(
  name: string,
  methodsOf: (self: TimeZone) => Readonly<Record<string, Value>>,
): TimeZone | undefined {
  const known = zones.get(name);
  if (known) return known;
  const read = offsetReader(name);
  if (!read) return undefined;
  const zone: TimeZone = {
    jinjaType: 'tzinfo',
    getAttribute(attribute) {
      if (attribute === 'zone') return name;
      const methods = methodsOf(zone);
      return Object.hasOwn(methods, attribute) ? methods[attribute] : undefined;
    },
    zoneName: name,
    atInstant: read,
    atWall: (wallMs) => wallOffset(read, wallMs),
    toString: () => name,
    toRepr: () => `<DstTzInfo '${name}'>`,
  };
  zones.set(name, zone);
  return zone;
}

const DAY_MS = 86_400_000;

/** The offset of a clock time: what held a day before it, when that fits, else what holds a day after. */
function wallOffset(read: TimeZone['atInstant'], wallMs: number): ZoneOffset {
  const before = read(wallMs - DAY_MS);
  const after = read(wallMs + DAY_MS);
  for (const guess of [before, after]) {
    const found = read(wallMs - guess.seconds * 1000);
    if (found.seconds === guess.seconds) return found;
  }
  return after;
}

function offsetReader(name: string): TimeZone['atInstant'] | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  return (utcMs) => {
    const text = zonePart(format, utcMs);
    const [, sign, hours = '0', minutes = '0', rest = '0'] =
      /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?/.exec(text) ?? [];
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
    return {
      seconds: sign === '-' ? -size : size,
      get name() {
        return shortName(name, utcMs);
      },
    };
  };
}

const zonePart = (format: Intl.DateTimeFormat, utcMs: number): string =>
  format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** Each knows the letters of its own part of the world. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

/** `CEST`; where no letters are known, the offset: `+08`. */
function shortName(zone: string, utcMs: number): string {
  if (zone === 'UTC') return 'UTC';
  const texts = LOCALES.map((locale) =>
    zonePart(new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }), utcMs),
  );
  const letters = texts.find((text) => !/^(?:GMT|UTC)[+-]/.test(text));
  if (letters !== undefined) return letters;
  const [, sign = '+', hours = '0', minutes = ''] =
    /^GMT([+-])(\d+)(?::(\d+))?$/.exec(texts[0] ?? '') ?? [];
  return sign + hours.padStart(2, '0') + minutes;
}
