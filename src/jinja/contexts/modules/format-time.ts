import { raise } from '../../python/error.ts';
import { civilOf, dayOfYear, isoCalendar, pad, weekdayOf } from './calendar.ts';

/** What strftime and strptime speak of: a day, microseconds of the day, and the zone as texts. */
export interface TimeFields {
  readonly days: number;
  readonly micros: number;
  readonly offset: string;
  readonly zone: string;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const short = (name: string | undefined): string => (name ?? '').slice(0, 3);

const hourOf = ({ micros }: TimeFields): number => Math.floor(micros / 3_600e6);
const minuteOf = ({ micros }: TimeFields): number => Math.floor(micros / 60e6) % 60;
const secondOf = ({ micros }: TimeFields): number => Math.floor(micros / 1e6) % 60;
const twelve = (fields: TimeFields): number => hourOf(fields) % 12 || 12;

/** Weeks of the year by their first weekday: 6 is Sunday's, 0 Monday's. */
const weekNumber = ({ days }: TimeFields, first: number): number =>
  Math.floor((dayOfYear(days) + 6 - ((weekdayOf(days) - first + 7) % 7)) / 7);

const DIRECTIVES: Readonly<Record<string, (fields: TimeFields) => string>> = {
  Y: ({ days }) => pad(civilOf(days).year, 4),
  y: ({ days }) => pad(civilOf(days).year % 100),
  C: ({ days }) => pad(Math.floor(civilOf(days).year / 100)),
  m: ({ days }) => pad(civilOf(days).month),
  d: ({ days }) => pad(civilOf(days).day),
  e: ({ days }) => String(civilOf(days).day).padStart(2, ' '),
  j: ({ days }) => pad(dayOfYear(days), 3),
  H: (fields) => pad(hourOf(fields)),
  I: (fields) => pad(twelve(fields)),
  M: (fields) => pad(minuteOf(fields)),
  S: (fields) => pad(secondOf(fields)),
  f: ({ micros }) => pad(micros % 1e6, 6),
  p: (fields) => (hourOf(fields) < 12 ? 'AM' : 'PM'),
  B: ({ days }) => MONTHS[civilOf(days).month - 1] ?? '',
  b: ({ days }) => short(MONTHS[civilOf(days).month - 1]),
  h: ({ days }) => short(MONTHS[civilOf(days).month - 1]),
  A: ({ days }) => WEEKDAYS[weekdayOf(days)] ?? '',
  a: ({ days }) => short(WEEKDAYS[weekdayOf(days)]),
  w: ({ days }) => String((weekdayOf(days) + 1) % 7),
  u: ({ days }) => String(weekdayOf(days) + 1),
  U: (fields) => pad(weekNumber(fields, 6)),
  W: (fields) => pad(weekNumber(fields, 0)),
  V: ({ days }) => pad(isoCalendar(days)[1]),
  G: ({ days }) => String(isoCalendar(days)[0]),
  z: ({ offset }) => offset,
  Z: ({ zone }) => zone,
  c: (fields) => formatTime('%a %b %e %H:%M:%S %Y', fields),
  D: (fields) => formatTime('%m/%d/%y', fields),
  x: (fields) => formatTime('%m/%d/%y', fields),
  X: (fields) => formatTime('%H:%M:%S', fields),
  T: (fields) => formatTime('%H:%M:%S', fields),
  R: (fields) => formatTime('%H:%M', fields),
  F: (fields) => formatTime('%Y-%m-%d', fields),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

/** Python's strftime on Linux, with glibc's `%-d` for numbers without their zeros. */
export function formatTime(format: string, fields: TimeFields): string {
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, dash: string, letter: string) => {
    const write = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (!write) return whole;
    const text = write(fields);
    return dash === '' ? text : text.replace(/^[0 ]+(?=.)/, '');
  });
}

const names = (words: readonly string[], cut?: number): string =>
  words.map((word) => (cut === undefined ? word : word.slice(0, cut))).join('|');

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '1[0-2]|0?[1-9]',
  d: '3[01]|[12]\\d|0?[1-9]| [1-9]',
  H: '2[0-3]|[01]?\\d',
  I: '1[0-2]|0?[1-9]',
  M: '[0-5]?\\d',
  S: '6[01]|[0-5]?\\d',
  f: '\\d{1,6}',
  j: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0?[1-9]\\d|0?0?[1-9]',
  p: 'am|pm',
  B: names(MONTHS),
  b: names(MONTHS, 3),
  A: names(WEEKDAYS),
  a: names(WEEKDAYS, 3),
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|z',
  Z: 'utc|gmt|[a-z]{3,5}',
};

/** The directives of a text in a format, by letter. Raises Python's ValueErrors. */
export function parseTime(text: string, format: string): ReadonlyMap<string, string> {
  const letters: string[] = [];
  const pattern = format.replace(
    /%([YymdHIMSfjpBbAazZ%])|%(.?)|(\s+)|([^%\s]+)/g,
    (_, known, other, space, plain) => {
      if (known === '%') return '%';
      if (known !== undefined) {
        letters.push(known);
        return `(${PATTERNS[known]})`;
      }
      if (space !== undefined) return '\\s+';
      if (plain !== undefined) return plain.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      return raise('ValueError', `'${other}' is a bad directive in format '${format}'`);
    },
  );
  const match = new RegExp(`^${pattern}`, 'i').exec(text);
  if (!match) raise('ValueError', `time data '${text}' does not match format '${format}'`);
  const rest = text.slice(match[0].length);
  if (rest !== '') raise('ValueError', `unconverted data remains: ${rest}`);
  return new Map(letters.map((letter, index) => [letter, match[index + 1] ?? '']));
}
