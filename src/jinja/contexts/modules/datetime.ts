import { raise } from '../../python/error.ts';
import { asInt } from '../../python/method.ts';
import { asNumber, isNumber } from '../../python/numbers.ts';
import { toText } from '../../python/text.ts';
import type { JinjaObject, Value } from '../../python/types.ts';
import type { Call } from '../../value.ts';
import { recordValue, signedFunction, signedFunctions } from '../record-value.ts';
import { MAX_DAYS, MIN_DAYS } from './calendar.ts';
import { fromIso, isoDateTime, isoDay, isoTime, parsed } from './datetime-text.ts';
import {
  type Clock,
  checkedDays,
  checkedMicros,
  clockAt,
  DAY_MICROS,
  dateTimeValue,
  dateValue,
  type Given,
  instantIn,
  isDate,
  isTime,
  timeValue,
  zoneOf,
} from './datetime-values.ts';
import { fixedZone, type TimeZone, UTC } from './time-zone.ts';
import { isTimeDelta, timeDeltaClass } from './timedelta.ts';

/** A class of the module: it is called, and has functions of its own. */
function pyClass(
  name: string,
  signature: string,
  create: (given: Given, call: Call) => Value,
  attributes: Readonly<Record<string, Value>>,
): JinjaObject {
  const make = signedFunction(name, signature, create) as { call(call: Call): Value };
  return recordValue('type', attributes, {
    call: (call) => make.call(call),
    toString: () => `<class 'datetime.${name}'>`,
  });
}

const DATE_PARTS = 'year month day';
const CLOCK_PARTS = 'hour? minute? second? microsecond? tzinfo?';

/** `modules.datetime`; `now` gives epoch milliseconds. */
export function datetimeModule(now: () => number): JinjaObject {
  const local = (ms: number): Clock =>
    clockAt(BigInt(ms - new Date(ms).getTimezoneOffset() * 60_000) * 1000n, undefined);
  const nowIn = (zone: TimeZone | undefined): Value => {
    const ms = now();
    return zone ? instantIn(BigInt(ms) * 1000n, zone) : dateTimeValue(local(ms));
  };
  const today = (): Value => dateValue(local(now()).days);
  const fromSeconds = (value: Value, zone: TimeZone | undefined): Value => {
    if (!isNumber(value)) return raise('TypeError', 'a timestamp must be a number');
    const micros = BigInt(Math.round(asNumber(value) * 1e6));
    return instantIn(micros, zone ?? fixedZone(0));
  };
  return recordValue('module', {
    date: pyClass('date', DATE_PARTS, (given) => dateValue(checkedDays(given)), {
      ...signedFunctions({
        today: ['', today],
        fromisoformat: ['date_string', (given) => fromIso(given['date_string'], isoDay)],
        fromordinal: ['n', ({ n }) => dateValue(asInt(n, 1) + MIN_DAYS - 1)],
      }),
      min: dateValue(MIN_DAYS),
      max: dateValue(MAX_DAYS),
    }),
    datetime: pyClass('datetime', `${DATE_PARTS} ${CLOCK_PARTS}`, created, {
      ...signedFunctions({
        now: ['tz?', ({ tz }) => nowIn(zoneOf(tz))],
        today: ['', () => nowIn(undefined)],
        utcnow: ['', () => dateTimeValue(clockAt(BigInt(now()) * 1000n, undefined))],
        strptime: ['date_string format', (given) => parsed(given['date_string'], given['format'])],
        fromisoformat: ['date_string', (given) => fromIso(given['date_string'], isoDateTime)],
        fromtimestamp: ['timestamp tz?', ({ timestamp, tz }) => fromSeconds(timestamp, zoneOf(tz))],
        combine: ['date time tzinfo?', combined],
      }),
      min: dateTimeValue({ days: MIN_DAYS, micros: 0, zone: undefined }),
      max: dateTimeValue({ days: MAX_DAYS, micros: DAY_MICROS - 1, zone: undefined }),
    }),
    time: pyClass(
      'time',
      CLOCK_PARTS,
      (given) => timeValue(checkedMicros(given), zoneOf(given['tzinfo'])),
      signedFunctions({
        fromisoformat: ['time_string', (given) => fromIso(given['time_string'], isoTime)],
      }),
    ),
    timedelta: timeDeltaClass,
    timezone: pyClass('timezone', 'offset name?', fixed, { utc: UTC }),
    MINYEAR: 1,
    MAXYEAR: 9999,
  });
}

const created = (given: Given): Value =>
  dateTimeValue({
    days: checkedDays(given),
    micros: checkedMicros(given),
    zone: zoneOf(given['tzinfo']),
  });

function combined({ date, time, tzinfo }: Given): Value {
  if (!isDate(date) || !isTime(time)) {
    return raise('TypeError', 'combine() takes a date and a time');
  }
  const zone = tzinfo === undefined ? time.zone : zoneOf(tzinfo);
  return dateTimeValue({ days: date.pyDays, micros: time.pyTime, zone });
}

function fixed({ offset, name }: Given): Value {
  if (!isTimeDelta(offset)) return raise('TypeError', 'timezone() takes a timedelta');
  const seconds = Number(offset.micros) / 1e6;
  return fixedZone(seconds, name === undefined ? undefined : toText(name));
}
