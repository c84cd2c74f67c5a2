import { floatText, floatValue, intValue, normalizeInt } from '../python/numbers.ts';
import type { Value } from '../python/types.ts';
import { isoDateTime, isoDay } from './modules/datetime-text.ts';

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP =
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;

/** Whether PyYAML takes a plain word for something other than text. */
export const isTyped = (text: string): boolean =>
  [TRUE, FALSE, NULL, INT, FLOAT, DAY, TIMESTAMP, /^(?:<<|=)$/].some((one) => one.test(text));

/** A plain scalar of YAML 1.1 as PyYAML reads it: `yes` is True, `2024-01-10` a date, `1e3` a text. */
export function scalarValue(text: string): Value {
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NULL.test(text)) return null;
  if (INT.test(text)) return intOf(text.replaceAll('_', ''));
  if (FLOAT.test(text)) return floatValue(floatOf(text.replaceAll('_', '').toLowerCase()));
  if (DAY.test(text)) return isoDay(text) ?? text;
  return TIMESTAMP.test(text) ? (isoDateTime(text) ?? text) : text;
}

function intOf(text: string): Value {
  const sign = text.startsWith('-') ? -1n : 1n;
  const digits = text.replace(/^[-+]/, '');
  if (digits.includes(':')) return normalizeInt(sign * BigInt(sexagesimal(digits)));
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return normalizeInt(sign * BigInt(intValue(octal)));
}

const sexagesimal = (text: string): number =>
  text.split(':').reduce((total, part) => total * 60 + Number(part), 0);

function floatOf(text: string): number {
  if (text.endsWith('.nan')) return Number.NaN;
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  return sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits));
}

/** A float as PyYAML writes it: its readers want a point before an exponent. */
export function floatScalar(value: number): string {
  const text = { nan: '.nan', inf: '.inf', '-inf': '-.inf' }[floatText(value)];
  return text ?? floatText(value).replace(/^(-?\d+)e/, '$1.0e');
}
