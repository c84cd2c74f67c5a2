import { raise } from '../python/error.ts';
import { asInt } from '../python/method.ts';
import { toText } from '../python/text.ts';
import type { JinjaObject, Value } from '../python/types.ts';
import { recordValue, signedFunction, signedFunctions } from './record-value.ts';
import { quoted } from './relation-value.ts';

/** A column as the catalog has it. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly charSize: number | undefined;
  readonly precision: number | undefined;
  readonly scale: number | undefined;
}

/** How an engine writes types. */
export interface TypeNames {
  textType(size: number | undefined): string;
  numericType(name: string, precision: number | undefined, scale: number | undefined): string;
  translateType(name: string): string;
}

/** dbt's Column: a name, a type, and questions about it. */
export interface ColumnValue extends JinjaObject {
  readonly column: ColumnFacts;
}

function asColumn(value: Value): ColumnFacts | undefined {
  return typeof value === 'object' && value !== null && 'column' in value
    ? (value as ColumnValue).column
    : undefined;
}

const TEXT = new Set(['text', 'character varying', 'character', 'varchar']);
const FLOAT = new Set(['real', 'float4', 'float', 'double precision', 'float8', 'double']);
const INTEGER = new Set([
  ...['smallint', 'integer', 'bigint', 'smallserial', 'serial', 'bigserial'],
  ...['int2', 'int4', 'int8', 'serial2', 'serial4', 'serial8'],
]);
const NUMERIC = new Set(['numeric', 'decimal']);

const isOf = (types: ReadonlySet<string>, { type }: ColumnFacts): boolean =>
  types.has(type.toLowerCase());

const isNumber = (column: ColumnFacts): boolean =>
  [FLOAT, INTEGER, NUMERIC].some((types) => isOf(types, column));

/** Characters a text column may hold; dbt takes 256 for one without a limit. */
function stringSize(column: ColumnFacts): number {
  if (!isOf(TEXT, column)) raise('TypeError', 'Called string_size() on non-string field!');
  const isUnlimited = column.type.toLowerCase() === 'text' || column.charSize === undefined;
  return isUnlimited ? 256 : (column.charSize ?? 256);
}

/** Whether a text column could hold the other's values if it were made larger. */
export function canExpand(column: ColumnFacts, other: ColumnFacts): boolean {
  if (!isOf(TEXT, column) || !isOf(TEXT, other)) return false;
  return stringSize(other) > stringSize(column);
}

/** The type a column is made with, from its parts. */
function dataType(column: ColumnFacts, types: TypeNames): string {
  if (isOf(TEXT, column)) return sizedText(stringSize(column));
  if (isOf(NUMERIC, column)) return types.numericType(column.type, column.precision, column.scale);
  return column.type;
}

const sizedText = (size: number): string => `character varying(${size})`;

type Method = readonly [
  string,
  (column: ColumnFacts, given: Readonly<Record<string, Value>>) => Value,
];

const METHODS: Readonly<Record<string, Method>> = {
  is_string: ['', (column) => isOf(TEXT, column)],
  is_number: ['', isNumber],
  is_float: ['', (column) => isOf(FLOAT, column)],
  is_integer: ['', (column) => isOf(INTEGER, column)],
  is_numeric: ['', (column) => isOf(NUMERIC, column)],
  string_size: ['', stringSize],
  can_expand_to: [
    'other_column',
    (column, { other_column }) => {
      const other = asColumn(other_column);
      return other !== undefined && canExpand(column, other);
    },
  ],
  literal: ['value', (column, { value }) => `${toText(value)}::${column.type}`],
};

export function columnValue(column: ColumnFacts, types: TypeNames): ColumnValue {
  return {
    jinjaType: 'Column',
    column,
    getAttribute(name) {
      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (method) return signedFunction(name, method[0], (given) => method[1](column, given));
      return fieldOf(column, name, types);
    },
    toString: () => `<Column ${column.name} (${dataType(column, types)})>`,
    isEqual: (other) => {
      const second = asColumn(other);
      return second !== undefined && second.name === column.name && second.type === column.type;
    },
  };
}

function fieldOf(column: ColumnFacts, name: string, types: TypeNames): Value {
  switch (name) {
    case 'name':
    case 'column':
      return column.name;
    case 'quoted':
      return quoted(column.name);
    case 'dtype':
      return column.type;
    case 'data_type':
      return dataType(column, types);
    case 'char_size':
      return column.charSize ?? null;
    case 'numeric_precision':
      return column.precision ?? null;
    case 'numeric_scale':
      return column.scale ?? null;
    default:
      return undefined;
  }
}

const optional = (value: Value): number | undefined =>
  value === undefined || value === null ? undefined : asInt(value, 0);

/** `api.Column`: makes columns, knows types by the names macros use. It can be called, as the class can. */
export function columnClass(types: TypeNames): JinjaObject {
  const make = signedFunction(
    'Column',
    'column dtype char_size? numeric_precision? numeric_scale?',
    (given) =>
      columnValue(
        {
          name: toText(given['column']),
          type: toText(given['dtype']),
          charSize: optional(given['char_size']),
          precision: optional(given['numeric_precision']),
          scale: optional(given['numeric_scale']),
        },
        types,
      ),
  ) as { call: NonNullable<JinjaObject['call']> };
  const methods = signedFunctions({
    create: [
      'name label_or_dtype',
      ({ name, label_or_dtype }) =>
        columnValue(
          {
            name: toText(name),
            type: types.translateType(toText(label_or_dtype)),
            charSize: undefined,
            precision: undefined,
            scale: undefined,
          },
          types,
        ),
    ],
    translate_type: ['dtype', ({ dtype }) => types.translateType(toText(dtype))],
    string_type: ['size', ({ size }) => sizedText(asInt(size, 256))],
    numeric_type: [
      'dtype precision scale',
      ({ dtype, precision, scale }) =>
        types.numericType(toText(dtype), optional(precision), optional(scale)),
    ],
  });
  return recordValue('type', methods, {
    call: (call) => make.call(call),
    toString: () => "<class 'Column'>",
  });
}
