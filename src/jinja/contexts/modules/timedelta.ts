import { raise } from '../../python/error.ts';
import {
  asNumber,
  floatValue,
  isFloat,
  isInt,
  isNumber,
  normalizeInt,
  numeric,
} from '../../python/numbers.ts';
import { typeName } from '../../python/text.ts';
import type { JinjaObject, Value } from '../../python/types.ts';
import { recordValue, signedFunction, signedFunctions } from '../record-value.ts';
import { pad } from './calendar.ts';

/** Python's timedelta, in microseconds. */
export interface TimeDelta extends JinjaObject {
  readonly micros: bigint;
}

export function isTimeDelta(value: Value): value is TimeDelta {
  return typeof value === 'object' && value !== null && 'micros' in value && 'isDelta' in value;
}

const DAY = 86_400_000_000n;
const MAX_DAYS = 999_999_999n;

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

const modulo = (a: bigint, b: bigint): bigint => a - floorDivide(a, b) * b;

export function timeDelta(micros: bigint): TimeDelta {
  const days = floorDivide(micros, DAY);
  if (days > MAX_DAYS || days < -MAX_DAYS) {
    raise('OverflowError', `days=${days}; must have magnitude <= ${MAX_DAYS}`);
  }
  const rest = micros - days * DAY;
  const self: TimeDelta & { readonly isDelta: true } = {
    ...recordValue('datetime.timedelta', {
      days: Number(days),
      seconds: Number(rest / 1_000_000n),
      microseconds: Number(rest % 1_000_000n),
      ...signedFunctions({
        total_seconds: ['', () => floatValue(Number(micros) / 1e6)],
      }),
    }),
    isDelta: true,
    micros,
    toString: () => deltaText(days, rest),
    toRepr: () => deltaRepr(days, rest),
    isTruthy: () => micros !== 0n,
    negate: () => timeDelta(-micros),
    order: (other) => (isTimeDelta(other) ? Number(micros - other.micros) : undefined),
    binary: (operator, other, side) => arithmetic(micros, operator, other, side),
  };
  return self;
}

function deltaText(days: bigint, rest: bigint): string {
  const seconds = rest / 1_000_000n;
  const fraction = rest % 1_000_000n;
  const clock = `${seconds / 3600n}:${pad(Number((seconds / 60n) % 60n))}:${pad(Number(seconds % 60n))}`;
  const shown = fraction === 0n ? clock : `${clock}.${pad(Number(fraction), 6)}`;
  return days === 0n ? shown : `${days} day${days === 1n || days === -1n ? '' : 's'}, ${shown}`;
}

function deltaRepr(days: bigint, rest: bigint): string {
  const parts = [
    days === 0n ? '' : `days=${days}`,
    rest / 1_000_000n === 0n ? '' : `seconds=${rest / 1_000_000n}`,
    rest % 1_000_000n === 0n ? '' : `microseconds=${rest % 1_000_000n}`,
  ].filter((part) => part !== '');
  return `datetime.timedelta(${parts.join(', ') || '0'})`;
}

function arithmetic(micros: bigint, operator: string, other: Value, side: 'left' | 'right'): Value {
  if (isTimeDelta(other)) {
    const [a, b] = side === 'left' ? [micros, other.micros] : [other.micros, micros];
    return betweenDeltas(operator, a, b);
  }
  if (!isNumber(other)) return undefined;
  if (operator === '*') return timeDelta(scaled(micros, other));
  if (side === 'right') return undefined;
  if (operator === '/') {
    if (asNumber(other) === 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
    return timeDelta(
      isFloat(other)
        ? BigInt(Math.round(Number(micros) / asNumber(other)))
        : roundedQuotient(micros, BigInt(numeric(other))),
    );
  }
  if (operator === '//' && isInt(other)) {
    return timeDelta(floorDivide(micros, BigInt(numeric(other))));
  }
  return undefined;
}

const scaled = (micros: bigint, by: Parameters<typeof numeric>[0]): bigint =>
  isFloat(by) ? BigInt(Math.round(Number(micros) * asNumber(by))) : micros * BigInt(numeric(by));

/** Half to even. */
function roundedQuotient(a: bigint, b: bigint): bigint {
  const low = floorDivide(a, b);
  const rest = a - low * b;
  const twice = rest * 2n;
  const size = b < 0n ? -b : b;
  const up = (twice < 0n ? -twice : twice) > size || (twice === b && low % 2n !== 0n);
  return up ? low + 1n : low;
}

function betweenDeltas(operator: string, a: bigint, b: bigint): Value {
  if (operator === '+') return timeDelta(a + b);
  if (operator === '-') return timeDelta(a - b);
  if (b === 0n && /^(?:\/\/?|%)$/.test(operator)) {
    raise('ZeroDivisionError', 'integer division or modulo by zero');
  }
  if (operator === '/') return floatValue(Number(a) / Number(b));
  if (operator === '//') return normalizeInt(floorDivide(a, b));
  return operator === '%' ? timeDelta(modulo(a, b)) : undefined;
}

const UNITS: readonly (readonly [name: string, micros: number])[] = [
  ['days', 86_400e6],
  ['seconds', 1e6],
  ['microseconds', 1],
  ['milliseconds', 1e3],
  ['minutes', 60e6],
  ['hours', 3_600e6],
  ['weeks', 604_800e6],
];

const construct = signedFunction(
  'timedelta',
  'days? seconds? microseconds? milliseconds? minutes? hours? weeks?',
  (given) => {
    let total = 0n;
    for (const [name, micros] of UNITS) {
      const value = given[name] ?? 0;
      if (!isNumber(value)) {
        raise('TypeError', `unsupported type for timedelta ${name} component: ${typeName(value)}`);
      }
      total += scaled(BigInt(micros), value);
    }
    return timeDelta(total);
  },
) as { call: NonNullable<JinjaObject['call']> };

export const timeDeltaClass = recordValue(
  'type',
  {
    min: timeDelta(-999_999_999n * DAY),
    max: timeDelta(999_999_999n * DAY + DAY - 1n),
    resolution: timeDelta(1n),
  },
  { call: (call) => construct.call(call), toString: () => "<class 'datetime.timedelta'>" },
);
