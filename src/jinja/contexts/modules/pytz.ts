import { raise } from '../../python/error.ts';
import { toText } from '../../python/text.ts';
import type { JinjaObject, Value } from '../../python/types.ts';
import { recordValue, signedFunctions } from '../record-value.ts';
import { dateTimeValue, isDateTime } from './datetime-values.ts';
import { fixedZone, namedZone, type TimeZone, UTC } from './time-zone.ts';

/** `modules.pytz`: zones of the tz database that comes with Node. */
export const pytzModule: JinjaObject = recordValue('module', {
  utc: UTC,
  UTC,
  get all_timezones() {
    return Intl.supportedValuesOf('timeZone');
  },
  ...signedFunctions({
    timezone: ['zone', ({ zone }) => timezone(toText(zone))],
    FixedOffset: ['minutes', ({ minutes }) => fixedZone(Number(minutes) * 60)],
  }),
});

function timezone(name: string): TimeZone {
  if (name.toUpperCase() === 'UTC') return UTC;
  const zone = namedZone(name, (self) =>
    signedFunctions({
      localize: ['dt is_dst?', ({ dt }) => withZone(dt, self)],
      normalize: ['dt is_dst?', ({ dt }) => dt],
    }),
  );
  return zone ?? raise('KeyError', `UnknownTimeZoneError: '${name}'`);
}

function withZone(value: Value, zone: TimeZone): Value {
  if (!isDateTime(value)) return raise('TypeError', 'localize() takes a datetime');
  if (value.zone) return raise('ValueError', 'Not naive datetime (tzinfo is already set)');
  return dateTimeValue({ days: value.pyDays, micros: value.pyMicros, zone });
}
