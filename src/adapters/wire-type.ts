/** Kinds of values that can be moved between engines; the names are those of Postgres. */
export type WireKind =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'jsonb';

/**
 * How a column is sent from one engine to another: each value in the binary form that Postgres has for the kind.
 * Engines cast their own types to it.
 */
export interface WireType {
  readonly kind: WireKind;
  /** Of numeric, always: digits in all, and after the point. */
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  /** A list of such values, of one dimension. */
  readonly isList?: boolean | undefined;
}

export interface WireColumn {
  readonly name: string;
  readonly type: WireType;
}

/** Rows in the binary form of Postgres' COPY: a head, rows, an end; cut anywhere. */
export type WireRows = AsyncIterable<Uint8Array>;

/** What stands before the rows: a signature, flags, and the length of an extension there is none of. */
export const WIRE_HEAD: Uint8Array = Buffer.concat([
  Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
  Buffer.alloc(8),
]);

/** What stands after them, in the place of a count of fields. */
export const WIRE_END: Uint8Array = Buffer.from([0xff, 0xff]);

/** The number of a kind in pg_type, which arrays carry. */
export const WIRE_OIDS: Readonly<Record<WireKind, number>> = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
};

/** Postgres counts from 2000, others from 1970. */
export const EPOCH_DAYS = 10_957;
export const EPOCH_MICROS = 946_684_800_000_000;

/** Infinity of dates: the largest and, in Postgres, the smallest number; elsewhere the largest with its sign. */
export const INT32_MAX = 2 ** 31 - 1;
export const INT32_MIN = -(2 ** 31);

/** Digits of a numeric stand in groups of four. */
export const GROUP = 10_000;
export const GROUP_DIGITS = 4;

/** The sign of a negative numeric; 0 is that of others, and what else there is marks NaN and infinities. */
export const NUMERIC_NEGATIVE = 0x40_00;
