import { raise } from '../../python/error.ts';
import { asInt } from '../../python/method.ts';
import { floatValue } from '../../python/numbers.ts';
import { toText, typeName } from '../../python/text.ts';
import { type JinjaObject, PyTuple, type Value } from '../../python/types.ts';
import { recordValue, signedFunction, type signedFunctions } from '../record-value.ts';
import { civilOf, daysOf, isoCalendar, MAX_DAYS, MIN_DAYS, pad, weekdayOf } from './calendar.ts';
import { formatTime, type TimeFields } from './format-time.ts';
import { fixedZone, isTimeZone, offsetText, type TimeZone } from './time-zone.ts';
import { isTimeDelta, type TimeDelta, timeDelta } from './timedelta.ts';

export const DAY_MICROS = 86_400_000_000;

export type Given = Readonly<Record<string, Value>>;
type Methods = Parameters<typeof signedFunctions>[0];

/** Python's date. */
interface DateValue extends JinjaObject {
  readonly pyDays: number;
}

/** Python's datetime: a clock's day and microseconds, and the zone it hangs in. */
interface DateTimeValue extends DateValue {
  readonly pyMicros: number;
  readonly zone: TimeZone | undefined;
}

interface TimeValue extends JinjaObject {
  readonly pyTime: number;
  readonly zone: TimeZone | undefined;
}

export const isDate = (value: Value): value is DateValue =>
  typeof value === 'object' && value !== null && 'pyDays' in value;

export const isDateTime = (value: Value): value is DateTimeValue =>
  isDate(value) && 'pyMicros' in value;

export const isTime = (value: Value): value is TimeValue =>
  typeof value === 'object' && value !== null && 'pyTime' in value;

/** Methods are made when they are asked for: most values are only printed. */
function withMethods(
  jinjaType: string,
  attributes: Readonly<Record<string, Value>>,
  methods: Methods,
): JinjaObject {
  const fields = recordValue(jinjaType, attributes);
  return {
    ...fields,
    getItem: () => undefined,
    getAttribute(name) {
      const field = fields.getAttribute(name);
      if (field !== undefined || !Object.hasOwn(methods, name)) return field;
      const method = methods[name];
      return method && signedFunction(name, method[0], method[1]);
    },
  };
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  const said =
    name === 'day' ? 'day is out of range for month' : `${name} must be in ${least}..${most}`;
  return raise('ValueError', said);
}

export function checkedDays(given: Given): number {
  const year = inRange('year', asInt(given['year'], 0), 1, 9999);
  const month = inRange('month', asInt(given['month'], 0), 1, 12);
  const length = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return daysOf(year, month, inRange('day', asInt(given['day'], 0), 1, length));
}

export function checkedMicros(given: Given): number {
  return (
    inRange('hour', asInt(given['hour'], 0), 0, 23) * 3_600e6 +
    inRange('minute', asInt(given['minute'], 0), 0, 59) * 60e6 +
    inRange('second', asInt(given['second'], 0), 0, 59) * 1e6 +
    inRange('microsecond', asInt(given['microsecond'], 0), 0, 999_999)
  );
}

export function zoneOf(value: Value): TimeZone | undefined {
  if (value === undefined || value === null) return undefined;
  if (isTimeZone(value)) return value;
  return raise(
    'TypeError',
    `tzinfo argument must be None or of a tzinfo subclass, not type '${typeName(value)}'`,
  );
}

const dateFields = (days: number): TimeFields => ({ days, micros: 0, offset: '', zone: '' });

const isoDate = (days: number): string => {
  const { year, month, day } = civilOf(days);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
};

/** What dates and datetimes have in common. */
const dayMethods = (days: number): Methods => ({
  weekday: ['', () => weekdayOf(days)],
  isoweekday: ['', () => weekdayOf(days) + 1],
  isocalendar: ['', () => new PyTuple([...isoCalendar(days)], ['year', 'week', 'weekday'])],
  toordinal: ['', () => days - MIN_DAYS + 1],
});

/** A date, from days since 1970. @throws OverflowError beyond years 1 to 9999 */
export function dateValue(days: number): JinjaObject {
  checkDays(days);
  const { year, month, day } = civilOf(days);
  const self: DateValue = {
    ...withMethods(
      'datetime.date',
      { year, month, day },
      {
        ...dayMethods(days),
        isoformat: ['', () => isoDate(days)],
        strftime: ['format', ({ format }) => formatTime(toText(format), dateFields(days))],
        replace: [
          'year? month? day?',
          (given) =>
            dateValue(
              checkedDays({
                year: given['year'] ?? year,
                month: given['month'] ?? month,
                day: given['day'] ?? day,
              }),
            ),
        ],
        ctime: ['', () => formatTime('%a %b %e 00:00:00 %Y', dateFields(days))],
      },
    ),
    pyDays: days,
    toString: () => isoDate(days),
    toRepr: () => `datetime.date(${year}, ${month}, ${day})`,
    isEqual: (other) => isDate(other) && !isDateTime(other) && other.pyDays === days,
    order: (other) => (isDate(other) && !isDateTime(other) ? days - other.pyDays : undefined),
    binary(operator, other, side) {
      if (isTimeDelta(other)) {
        const step = Math.floor(Number(other.micros) / DAY_MICROS);
        if (operator === '+') return dateValue(days + step);
        return operator === '-' && side === 'left' ? dateValue(days - step) : undefined;
      }
      if (operator !== '-' || !isDate(other) || isDateTime(other)) return undefined;
      const between = (days - other.pyDays) * (side === 'left' ? 1 : -1);
      return timeDelta(BigInt(between) * BigInt(DAY_MICROS));
    },
  };
  return self;
}

function checkDays(days: number): void {
  if (days < MIN_DAYS || days > MAX_DAYS) raise('OverflowError', 'date value out of range');
}

const clockText = (micros: number, timespec = 'auto'): string => {
  const text = formatTime('%H:%M:%S', { ...dateFields(0), micros });
  const fraction = micros % 1e6;
  if (timespec === 'hours') return text.slice(0, 2);
  if (timespec === 'minutes') return text.slice(0, 5);
  if (timespec === 'milliseconds') return `${text}.${pad(Math.floor(fraction / 1000), 3)}`;
  if (timespec === 'seconds' || (timespec === 'auto' && fraction === 0)) return text;
  return `${text}.${pad(fraction, 6)}`;
};

export interface Clock {
  readonly days: number;
  readonly micros: number;
  readonly zone: TimeZone | undefined;
}

const wallMs = ({ days, micros }: Clock): number => days * 86_400_000 + Math.floor(micros / 1000);

const offsetOf = (clock: Clock) => clock.zone?.atWall(wallMs(clock));

/** Microseconds since 1970 in UTC; without a zone as if the clock were UTC's. */
const instantOf = (clock: Clock): bigint =>
  BigInt(clock.days) * BigInt(DAY_MICROS) +
  BigInt(clock.micros) -
  BigInt(offsetOf(clock)?.seconds ?? 0) * 1_000_000n;

const floorDivide = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n ? a / b - 1n : a / b);

export function clockAt(micros: bigint, zone: TimeZone | undefined): Clock {
  const days = floorDivide(micros, BigInt(DAY_MICROS));
  return { days: Number(days), micros: Number(micros - days * BigInt(DAY_MICROS)), zone };
}

/** An instant as the clock of a zone shows it. */
export function instantIn(utcMicros: bigint, zone: TimeZone): JinjaObject {
  const { seconds } = zone.atInstant(Number(floorDivide(utcMicros, 1000n)));
  return dateTimeValue(clockAt(utcMicros + BigInt(seconds) * 1_000_000n, zone));
}

function isoText(clock: Clock, separator: string, timespec?: string): string {
  const offset = offsetOf(clock);
  const end = offset ? offsetText(offset.seconds) : '';
  return isoDate(clock.days) + separator + clockText(clock.micros, timespec) + end;
}

/** A datetime. @throws OverflowError beyond years 1 to 9999 */
export function dateTimeValue(clock: Clock): JinjaObject {
  checkDays(clock.days);
  const { days, micros, zone } = clock;
  const { year, month, day } = civilOf(days);
  const time = timeParts(micros);
  const self: DateTimeValue = {
    ...withMethods(
      'datetime.datetime',
      { year, month, day, ...time, tzinfo: zone ?? null, fold: 0 },
      { ...dayMethods(days), ...dateTimeMethods(clock) },
    ),
    pyDays: days,
    pyMicros: micros,
    zone,
    toString: () => isoText(clock, ' '),
    toRepr: () => dateTimeRepr(clock),
    isEqual: (other) =>
      isDateTime(other) &&
      (other.zone === undefined) === (zone === undefined) &&
      instantOf(clockOf(other)) === instantOf(clock),
    order: (other) => (isDateTime(other) ? orderOf(clock, clockOf(other), '<') : undefined),
    binary(operator, other, side) {
      if (isTimeDelta(other)) return shifted(clock, operator, other, side);
      if (operator !== '-' || !isDateTime(other)) return undefined;
      checkSameKind(
        clock,
        clockOf(other),
        "can't subtract offset-naive and offset-aware datetimes",
      );
      const between = instantOf(clock) - instantOf(clockOf(other));
      return timeDelta(side === 'left' ? between : -between);
    },
  };
  return self;
}

const clockOf = ({ pyDays, pyMicros, zone }: DateTimeValue): Clock => ({
  days: pyDays,
  micros: pyMicros,
  zone,
});

const timeParts = (micros: number) => ({
  hour: Math.floor(micros / 3_600e6),
  minute: Math.floor(micros / 60e6) % 60,
  second: Math.floor(micros / 1e6) % 60,
  microsecond: micros % 1e6,
});

function checkSameKind(a: Clock, b: Clock, message: string): void {
  if ((a.zone === undefined) !== (b.zone === undefined)) raise('TypeError', message);
}

function orderOf(a: Clock, b: Clock, _operator: string): number {
  checkSameKind(a, b, "can't compare offset-naive and offset-aware datetimes");
  return Number(instantOf(a) - instantOf(b));
}

/** Clock arithmetic, as Python's: a zone's changes do not count. */
function shifted(clock: Clock, operator: string, delta: TimeDelta, side: string): Value {
  const wall = BigInt(clock.days) * BigInt(DAY_MICROS) + BigInt(clock.micros);
  if (operator === '+') return dateTimeValue(clockAt(wall + delta.micros, clock.zone));
  if (operator !== '-' || side === 'right') return undefined;
  return dateTimeValue(clockAt(wall - delta.micros, clock.zone));
}

function dateTimeRepr(clock: Clock): string {
  const { year, month, day } = civilOf(clock.days);
  const parts = [year, month, day, ...shownParts(clock.micros)];
  const zone = clock.zone ? `, tzinfo=${clock.zone.toRepr?.() ?? zoneRepr(clock.zone)}` : '';
  return `datetime.datetime(${parts.join(', ')}${zone})`;
}

const zoneRepr = (zone: TimeZone): string =>
  zone.zoneName === 'UTC' ? 'datetime.timezone.utc' : `datetime.timezone(${zone.zoneName})`;

function dateTimeMethods(clock: Clock): Methods {
  const { days, micros, zone } = clock;
  const fields = (): TimeFields => {
    const offset = offsetOf(clock);
    return {
      days,
      micros,
      offset: offset ? offsetText(offset.seconds, '') : '',
      zone: offset?.name ?? '',
    };
  };
  return {
    isoformat: [
      'sep? timespec?',
      ({ sep, timespec }) =>
        isoText(
          clock,
          sep === undefined ? 'T' : toText(sep),
          timespec === undefined ? undefined : toText(timespec),
        ),
    ],
    strftime: ['format', ({ format }) => formatTime(toText(format), fields())],
    ctime: ['', () => formatTime('%c', fields())],
    date: ['', () => dateValue(days)],
    time: ['', () => timeValue(micros, undefined)],
    timetz: ['', () => timeValue(micros, zone)],
    timestamp: ['', () => floatValue(Number(zone ? instantOf(clock) : localInstant(clock)) / 1e6)],
    utcoffset: ['', () => offsetDelta(clock)],
    tzname: ['', () => offsetOf(clock)?.name ?? null],
    astimezone: ['tz?', ({ tz }) => atZone(clock, zoneOf(tz))],
    replace: [
      'year? month? day? hour? minute? second? microsecond? tzinfo?',
      (given) => dateTimeValue(replaced(clock, given)),
    ],
  };
}

const offsetDelta = (clock: Clock): Value => {
  const offset = offsetOf(clock);
  return offset ? timeDelta(BigInt(offset.seconds) * 1_000_000n) : null;
};

/** A clock without a zone is the machine's. */
const localInstant = (clock: Clock): bigint => {
  const { year, month, day } = civilOf(clock.days);
  const { hour, minute, second, microsecond } = timeParts(clock.micros);
  const date = new Date(2000, month - 1, day, hour, minute, second);
  date.setFullYear(year, month - 1, day);
  return BigInt(date.getTime()) * 1000n + BigInt(microsecond);
};

function atZone(clock: Clock, zone: TimeZone | undefined): Value {
  const instant = clock.zone ? instantOf(clock) : localInstant(clock);
  const local = -new Date(Number(floorDivide(instant, 1000n))).getTimezoneOffset() * 60;
  return instantIn(instant, zone ?? fixedZone(local));
}

function replaced(clock: Clock, given: Given): Clock {
  const parts = { ...civilOf(clock.days), ...timeParts(clock.micros) };
  const chosen: Given = Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [name, given[name] ?? value]),
  );
  return {
    days: checkedDays(chosen),
    micros: checkedMicros(chosen),
    zone: given['tzinfo'] === undefined ? clock.zone : zoneOf(given['tzinfo']),
  };
}

/** Hour and minute, and the rest as far as it is not zero. */
function shownParts(micros: number): number[] {
  const { hour, minute, second, microsecond } = timeParts(micros);
  if (microsecond !== 0) return [hour, minute, second, microsecond];
  return second === 0 ? [hour, minute] : [hour, minute, second];
}

export function timeValue(micros: number, zone: TimeZone | undefined): JinjaObject {
  const text = clockText(micros);
  const parts = timeParts(micros);
  const self: TimeValue = {
    ...withMethods(
      'datetime.time',
      { ...parts, tzinfo: zone ?? null },
      {
        isoformat: [
          'timespec?',
          ({ timespec }) => clockText(micros, timespec === undefined ? 'auto' : toText(timespec)),
        ],
        strftime: [
          'format',
          ({ format }) => formatTime(toText(format), { ...dateFields(daysOf(1900, 1, 1)), micros }),
        ],
        replace: [
          'hour? minute? second? microsecond? tzinfo?',
          (given) => timeValue(replaced({ days: 0, micros, zone }, given).micros, zone),
        ],
      },
    ),
    pyTime: micros,
    zone,
    toString: () => text,
    toRepr: () => `datetime.time(${shownParts(micros).join(', ')})`,
    order: (other) => (isTime(other) ? micros - other.pyTime : undefined),
  };
  return self;
}
