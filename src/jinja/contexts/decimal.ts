import { raise } from '../python/error.ts';
import { asNumber, floatValue, isFloat, isInt, numeric } from '../python/numbers.ts';
import { isJinjaObject, type JinjaObject, type Value } from '../python/types.ts';

/** Python's `Decimal`: digits and how many of them stand behind the point. */
interface DecimalValue extends JinjaObject {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Significant digits of a quotient, as Python's default context has. */
const PRECISION = 28;

/** A number of a DECIMAL column from its text: `1.50` stays `1.50`. Other words, such as `nan`, become floats. */
export function decimalOf(text: string): Value {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return exponentOf(text);
  const [, sign = '', whole = '', fraction = ''] = match;
  return decimal(BigInt(`${sign}${whole}${fraction}`), fraction.length);
}

/** `1.5e+20` and `1e-7`, as JavaScript prints large and small floats. */
function exponentOf(text: string): Value {
  const match = /^(-?\d+(?:\.\d+)?)e([+-]?\d+)$/i.exec(text.trim());
  const digits = match && decimalOf(match[1] ?? '');
  if (!match || !isDecimal(digits)) return floatValue(Number(text));
  const scale = digits.scale - Number(match[2]);
  return scale >= 0
    ? decimal(digits.unscaled, scale)
    : decimal(digits.unscaled * 10n ** BigInt(-scale), 0);
}

function isDecimal(value: Value): value is DecimalValue {
  return isJinjaObject(value) && value.jinjaType === 'Decimal' && 'unscaled' in value;
}

function decimal(unscaled: bigint, scale: number): DecimalValue {
  const self: DecimalValue = {
    jinjaType: 'Decimal',
    unscaled,
    scale,
    getAttribute: () => undefined,
    toString: () => decimalText(unscaled, scale),
    toRepr: () => `Decimal('${decimalText(unscaled, scale)}')`,
    isTruthy: () => unscaled !== 0n,
    toNumber: () => Number(decimalText(unscaled, scale)),
    negate: () => decimal(-unscaled, scale),
    order: (other) => orderOf(self, other),
    binary(operator, other, side) {
      const second = operand(other, operator);
      if (!second) return undefined;
      const [a, b] = side === 'left' ? [self, second] : [second, self];
      return Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(a, b) : undefined;
    },
  };
  return self;
}

function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function operand(value: Value, operator: string): DecimalValue | undefined {
  if (isDecimal(value)) return value;
  if (isInt(value)) return decimal(BigInt(numeric(value)), 0);
  if (!isFloat(value)) return undefined;
  return raise(
    'TypeError',
    `unsupported operand type(s) for ${operator}: 'decimal.Decimal' and 'float'`,
  );
}

function orderOf(self: DecimalValue, other: Value): number | undefined {
  if (isFloat(other)) return Number(decimalText(self.unscaled, self.scale)) - asNumber(other);
  const second = isDecimal(other) || isInt(other) ? operand(other, '<') : undefined;
  if (!second) return undefined;
  const [a, b] = aligned(self, second);
  return a < b ? -1 : Number(a > b);
}

function aligned(a: DecimalValue, b: DecimalValue): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  const widen = (one: DecimalValue) => one.unscaled * 10n ** BigInt(scale - one.scale);
  return [widen(a), widen(b), scale];
}

type Operator = (a: DecimalValue, b: DecimalValue) => Value;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (a, b) => {
    const [x, y, scale] = aligned(a, b);
    return decimal(x + y, scale);
  },
  '-': (a, b) => {
    const [x, y, scale] = aligned(a, b);
    return decimal(x - y, scale);
  },
  '*': (a, b) => decimal(a.unscaled * b.unscaled, a.scale + b.scale),
  '/': divide,
  '//': (a, b) => {
    const [x, y] = nonZero(a, b);
    return decimal(x / y, 0);
  },
  '%': (a, b) => {
    const [x, y, scale] = nonZero(a, b);
    return decimal(x % y, scale);
  },
};

function nonZero(a: DecimalValue, b: DecimalValue): [bigint, bigint, number] {
  if (b.unscaled === 0n) raise('ZeroDivisionError', 'division by zero');
  return aligned(a, b);
}

/** Exact when it ends within the precision, then with the scale the operands suggest; else rounded half to even. */
function divide(a: DecimalValue, b: DecimalValue): Value {
  const [x, y] = nonZero(a, b);
  const ideal = Math.max(a.scale - b.scale, 0);
  const whole = String(x / y).replace('-', '').length;
  const places = Math.max(PRECISION - (x / y === 0n ? leadingZeros(x, y) : whole), ideal);
  const scaled = x * 10n ** BigInt(places);
  let quotient = scaled / y;
  const rest = scaled % y;
  if (rest !== 0n) return decimal(quotient + halfEven(quotient, rest, y), places);
  let scale = places;
  while (scale > ideal && quotient % 10n === 0n) {
    quotient /= 10n;
    scale -= 1;
  }
  return decimal(quotient, scale);
}

/** Minus the zeros behind the point of a quotient below one: they are no significant digits. */
function leadingZeros(x: bigint, y: bigint): number {
  if (x === 0n) return 0;
  const [small, large] = [x < 0n ? -x : x, y < 0n ? -y : y];
  let zeros = 0;
  for (let scaled = small * 10n; scaled < large; scaled *= 10n) zeros += 1;
  return -zeros;
}

function halfEven(quotient: bigint, rest: bigint, divisor: bigint): bigint {
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const size = divisor < 0n ? -divisor : divisor;
  const away = rest < 0n !== divisor < 0n ? -1n : 1n;
  if (twice > size) return away;
  return twice === size && quotient % 2n !== 0n ? away : 0n;
}
