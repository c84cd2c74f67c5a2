import { raise } from '../../python/error.ts';
import { toText } from '../../python/text.ts';
import type { JinjaObject, Value } from '../../python/types.ts';
import { daysOf } from './calendar.ts';
import {
  checkedDays,
  checkedMicros,
  dateTimeValue,
  dateValue,
  type Given,
  isDateTime,
  timeValue,
} from './datetime-values.ts';
import { MONTHS, parseTime } from './format-time.ts';
import { fixedZone } from './time-zone.ts';

/** A datetime or time from ISO text, as a database or `isoformat` writes it; undefined when it is neither. */
export function isoDateTime(text: string): JinjaObject | undefined {
  const match =
    /^(\d{4,})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const given: Given = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: Number(fraction.slice(0, 6).padEnd(6, '0')),
  };
  return dateTimeValue({
    days: checkedDays(given),
    micros: checkedMicros(given),
    zone: zone === undefined ? undefined : fixedZone(offsetSeconds(zone)),
  });
}

export function isoDay(text: string): JinjaObject | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day] = match.map(Number);
  return dateValue(checkedDays({ year, month, day }));
}

export function isoTime(text: string): JinjaObject | undefined {
  const found = isoDateTime(`1970-01-01T${text}`);
  return found && isDateTime(found) ? timeValue(found.pyMicros, found.zone) : undefined;
}

function offsetSeconds(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /^([+-])(\d\d):?(\d\d)?:?(\d\d)?/.exec(text) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

export function fromIso<T>(text: Value, read: (text: string) => T | undefined): T {
  const found = typeof text === 'string' ? read(text) : undefined;
  return found ?? raise('ValueError', `Invalid isoformat string: ${toText(text)}`);
}

/** The date and time a format finds in a text. */
export function parsed(text: Value, format: Value): Value {
  const found = parseTime(toText(text), toText(format));
  const number = (letter: string): number | undefined => {
    const value = found.get(letter);
    return value === undefined ? undefined : Number(value);
  };
  const short = number('y');
  const year = number('Y') ?? (short === undefined ? 1900 : short + (short < 69 ? 2000 : 1900));
  const zone = found.get('z') ?? found.get('Z');
  const dayInYear = number('j');
  const days =
    dayInYear !== undefined && !found.has('d')
      ? daysOf(year, 1, 1) + dayInYear - 1
      : checkedDays({ year, month: monthOf(found), day: number('d') ?? 1 });
  const micros = checkedMicros({
    hour: hourOf(found),
    minute: number('M') ?? 0,
    second: number('S') ?? 0,
    microsecond: Number((found.get('f') ?? '').padEnd(6, '0')),
  });
  return dateTimeValue({
    days,
    micros,
    zone: found.has('z') && zone !== undefined ? fixedZone(offsetSeconds(zone)) : undefined,
  });
}

function monthOf(found: ReadonlyMap<string, string>): number {
  const name = (found.get('B') ?? found.get('b'))?.toLowerCase();
  if (name === undefined) return Number(found.get('m') ?? 1);
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name)) + 1;
}

function hourOf(found: ReadonlyMap<string, string>): number {
  const twelve = found.get('I');
  if (twelve === undefined) return Number(found.get('H') ?? 0);
  const isPm = found.get('p')?.toLowerCase() === 'pm';
  return (Number(twelve) % 12) + (isPm ? 12 : 0);
}
