import type { CellKind } from '../../core/result-table.ts';

/** A type by its number in pg_type, which is the same in every database for those that come with Postgres. */
export interface PostgresType {
  readonly name: string;
  readonly kind: CellKind;
  /** Of an array: the number of its elements' type. */
  readonly element?: number;
}

const SCALARS: readonly (readonly [oid: number, arrayOid: number, name: string, kind: CellKind])[] =
  [
    [16, 1000, 'boolean', 'boolean'],
    [17, 1001, 'bytea', 'text'],
    [18, 1002, '"char"', 'text'],
    [19, 1003, 'name', 'text'],
    [20, 1016, 'bigint', 'integer'],
    [21, 1005, 'smallint', 'integer'],
    [23, 1007, 'integer', 'integer'],
    [25, 1009, 'text', 'text'],
    [26, 1028, 'oid', 'integer'],
    [114, 199, 'json', 'text'],
    [700, 1021, 'real', 'float'],
    [701, 1022, 'double precision', 'float'],
    [1042, 1014, 'character', 'text'],
    [1043, 1015, 'character varying', 'text'],
    [1082, 1182, 'date', 'date'],
    [1083, 1183, 'time without time zone', 'time'],
    [1114, 1115, 'timestamp without time zone', 'timestamp'],
    [1184, 1185, 'timestamp with time zone', 'timestamp'],
    [1186, 1187, 'interval', 'text'],
    [1700, 1231, 'numeric', 'decimal'],
    [2950, 2951, 'uuid', 'text'],
    [3802, 3807, 'jsonb', 'text'],
  ];

const TYPES: ReadonlyMap<number, PostgresType> = new Map(
  SCALARS.flatMap(([oid, arrayOid, name, kind]) => [
    [oid, { name, kind }] as const,
    [arrayOid, { name: `${name}[]`, kind: 'json', element: oid }] as const,
  ]),
);

const TEXT: PostgresType = { name: 'text', kind: 'text' };

/** What a column is; types of extensions and of users are read and written as text. */
export const typeOf = (oid: number): PostgresType => TYPES.get(oid) ?? TEXT;
