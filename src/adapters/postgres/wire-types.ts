import { WIRE_OIDS, type WireColumn, type WireKind, type WireType } from '../wire-type.ts';
import { quote } from './names.ts';
import { typeOf } from './types.ts';

/** A column of a result, as the server describes it. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
  /** Precision, scale, length: what stands in brackets. -1: nothing does. */
  readonly dataTypeModifier: number;
}

const BY_OID: ReadonlyMap<number, WireKind> = new Map(
  Object.entries(WIRE_OIDS).map(([kind, oid]) => [oid, kind as WireKind]),
);

const NUMERIC = WIRE_OIDS.numeric;
const OID = 26;

/** As what a column is sent: what has no form of its own as text, numbers without bounds as doubles. */
function wireTypeOf(oid: number, modifier: number): WireType {
  const { element } = typeOf(oid);
  if (element !== undefined) return { ...wireTypeOf(element, modifier), isList: true };
  if (oid === NUMERIC) return numericType(modifier);
  if (oid === OID) return { kind: 'int8' };
  return { kind: BY_OID.get(oid) ?? 'text' };
}

/** Digits that other engines have room for: 38, or those of an integer of 128 bits. */
const MOST_DIGITS = 38;
const MOST_INTEGER_DIGITS = 39;

/** The bounds of a numeric. */
function numericBounds(modifier: number): { readonly precision: number; readonly scale: number } {
  // Four less, in halves; the scale has eleven bits and may be negative.
  const packed = modifier - 4;
  return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 0x400) - 0x400 };
}

function numericType(modifier: number): WireType {
  const { precision, scale } = numericBounds(modifier);
  const most = scale === 0 ? MOST_INTEGER_DIGITS : MOST_DIGITS;
  if (modifier < 0 || precision > most || scale < 0 || scale > precision) return { kind: 'float8' };
  return { kind: 'numeric', precision, scale };
}

export const wireColumns = (fields: readonly Field[]): WireColumn[] =>
  fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
    name,
    type: wireTypeOf(dataTypeID, dataTypeModifier),
  }));

/** A type as it is declared: numbers with their bounds, without which 4 and 4.00 would be told apart. */
export function declaredType(oid: number, modifier: number): string {
  const { name } = typeOf(oid);
  if (oid !== NUMERIC || modifier < 0) return name;
  const { precision, scale } = numericBounds(modifier);
  return `${name}(${precision},${scale})`;
}

/** The type in Postgres that holds what is sent. */
export function typeName({ kind, precision, scale, isList }: WireType): string {
  const name = kind === 'numeric' ? `numeric(${precision},${scale})` : kind;
  return isList ? `${name}[]` : name;
}

/** Types that are sent as text is: name, character, character varying. */
const AS_TEXT: ReadonlySet<number> = new Set([19, 1042, 1043]);

/** Whether COPY takes what is sent as `type` into a column whose type has this number. */
export function takes(oid: number | undefined, { kind, isList }: WireType): boolean {
  if (oid === undefined) return false;
  const own = isList ? typeOf(oid).element : oid;
  return own === WIRE_OIDS[kind] || (kind === 'text' && !isList && AS_TEXT.has(oid));
}

/** A query for the columns as they are sent. */
export const sendingQuery = (sql: string, columns: readonly WireColumn[]): string =>
  `select ${columns
    .map(({ name, type }) => `cast(${quote(name)} as ${typeName(type)}) as ${quote(name)}`)
    .join(', ')} from (\n${sql}\n) as velo_rows`;
