import type { CellKind, ResultTable } from '../../core/result-table.ts';
import { pythonJson } from '../filters/json.ts';
import { isEqual } from '../python/compare.ts';
import { raise } from '../python/error.ts';
import { asInt } from '../python/method.ts';
import { asNumber, floatText, intValue, isInt } from '../python/numbers.ts';
import { toRepr, toText } from '../python/text.ts';
import { isTruthy, JinjaFunction, type JinjaObject, PyTuple, type Value } from '../python/types.ts';
import { type Call, callFunction, toPlain } from '../value.ts';
import { decimalOf } from './decimal.ts';
import { isoDateTime, isoDay, isoTime } from './modules/datetime-text.ts';
import { recordValue, signedFunction } from './record-value.ts';
import { orderedBy } from './table-order.ts';
import { tableText } from './table-text.ts';

/** A table in memory: Python values by row. */
interface Table {
  readonly names: readonly string[];
  readonly kinds: readonly CellKind[];
  readonly rows: readonly (readonly Value[])[];
  /** Where what is printed goes. */
  readonly print: (text: string) => void;
}

/** The rows of a query as dbt gives them to templates: an agate table. */
export function agateTable(table: ResultTable, print: (text: string) => void): JinjaObject {
  const kinds = table.columns.map(({ kind }) => kind);
  return tableValue({
    names: table.columns.map(({ name }) => name),
    kinds,
    rows: table.rows.map((row) =>
      row.map((cell, index) => cellValue(cell, kinds[index] ?? 'text')),
    ),
    print,
  });
}

/** A cell as Python has it: ints, Decimals for all other numbers, dates, and JSON text of what is nested. */
function cellValue(cell: unknown, kind: CellKind): Value {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'object') return pythonJson(cell);
  const text = String(cell);
  switch (kind) {
    case 'integer':
      return intValue(text);
    case 'decimal':
      return decimalOf(text);
    case 'float':
      return decimalOf(typeof cell === 'number' ? floatText(cell) : text);
    case 'boolean':
      return cell === true || text === 'true';
    case 'date':
      return isoDay(text) ?? text;
    case 'timestamp':
      return isoDateTime(text) ?? text;
    case 'time':
      return isoTime(text) ?? text;
    default:
      return text;
  }
}

const AGATE_TYPES: Readonly<Record<CellKind, string>> = {
  integer: 'Integer',
  decimal: 'Number',
  float: 'Number',
  boolean: 'Boolean',
  date: 'Date',
  timestamp: 'DateTime',
  time: 'TimeDelta',
  text: 'Text',
  json: 'Text',
};

const typeValue = (kind: CellKind): JinjaObject =>
  recordValue('agate.DataType', {}, { toString: () => AGATE_TYPES[kind] });

type Given = Readonly<Record<string, Value>>;
type Method<Self> = readonly [string, (self: Self, given: Given, call: Call) => Value];

/** An object whose methods are made when they are asked for. */
function lazyObject<Self>(
  jinjaType: string,
  self: Self,
  fields: Readonly<Record<string, () => Value>>,
  methods: Readonly<Record<string, Method<Self>>>,
  more: Partial<JinjaObject>,
): JinjaObject {
  return {
    jinjaType,
    getAttribute(name) {
      if (Object.hasOwn(fields, name)) return fields[name]?.();
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      return (
        method && signedFunction(name, method[0], (given, call) => method[1](self, given, call))
      );
    },
    toString: () => `<${jinjaType}>`,
    ...more,
  };
}

/** agate's sequence that is read by index and by name. */
interface Mapped {
  readonly names: readonly string[];
  readonly items: readonly Value[];
}

const mappedMethods: Readonly<Record<string, Method<Mapped>>> = {
  keys: ['', ({ names }) => new PyTuple(names)],
  values: ['', ({ items }) => new PyTuple(items)],
  items: ['', ({ names, items }) => names.map((name, i) => new PyTuple([name, items[i]]))],
  dict: ['', ({ names, items }) => new Map(names.map((name, i) => [name, items[i]]))],
  get: ['key default?', (self, given) => itemOf(self, given['key']) ?? given['default'] ?? null],
};

function itemOf({ names, items }: Mapped, key: Value): Value {
  if (isInt(key)) return items.at(asNumber(key));
  const index = typeof key === 'string' ? names.indexOf(key) : -1;
  return index < 0 ? undefined : items[index];
}

const mapped = (jinjaType: string, self: Mapped): JinjaObject =>
  lazyObject(jinjaType, self, {}, mappedMethods, {
    getItem: (key) => itemOf(self, key),
    iterate: () => self.items,
    entries: () => self.names.map((name, i) => [name, self.items[i]] as const),
    length: () => self.items.length,
    toString: () =>
      `<${jinjaType}: (${self.items.slice(0, 5).map(toRepr).join(', ')}${self.items.length > 5 ? ', ...' : ''})>`,
    isEqual: (other) =>
      isEqual(new PyTuple(self.items), other.iterate ? new PyTuple([...other.iterate()]) : null),
  });

const rowValue = (table: Table, row: readonly Value[]): JinjaObject =>
  mapped('agate.Row', { names: table.names, items: row });

/** A column: a sequence of its values, by row. */
interface Column {
  readonly table: Table;
  readonly index: number;
}

const valuesOf = ({ table, index }: Column): Value[] => table.rows.map((row) => row[index]);

const withoutNulls = (column: Column): Value[] =>
  valuesOf(column).filter((value) => value !== null);

const columnMethods: Readonly<Record<string, Method<Column>>> = {
  values: ['', (column) => new PyTuple(valuesOf(column))],
  values_distinct: ['', (column) => new PyTuple(distinct(valuesOf(column)))],
  values_without_nulls: ['', (column) => new PyTuple(withoutNulls(column))],
  values_sorted: [
    '',
    (column) => new PyTuple(orderedBy(valuesOf(column), (value) => value, false)),
  ],
};

function distinct(values: readonly Value[]): Value[] {
  const kept: Value[] = [];
  const seen = new Set<Value>();
  for (const value of values) {
    const known =
      typeof value === 'object' ? kept.some((one) => isEqual(one, value)) : seen.has(value);
    if (known) continue;
    seen.add(value);
    kept.push(value);
  }
  return kept;
}

function columnValue(table: Table, index: number): JinjaObject {
  const self = { table, index };
  return lazyObject(
    'agate.Column',
    self,
    {
      name: () => table.names[index],
      index: () => index,
      data_type: () => typeValue(table.kinds[index] ?? 'text'),
    },
    columnMethods,
    {
      getItem: (key) => (isInt(key) ? table.rows.at(asNumber(key))?.[index] : undefined),
      iterate: () => valuesOf(self),
      length: () => table.rows.length,
    },
  );
}

const tableMethods: Readonly<Record<string, Method<Table>>> = {
  rename: [
    'column_names? row_names? **kwargs',
    (table, given) => tableValue(renamed(table, given['column_names'])),
  ],
  select: [
    'key',
    (table, { key }) => tableValue(chosen(table, (name) => keysOf(key).includes(name))),
  ],
  exclude: [
    'key',
    (table, { key }) => tableValue(chosen(table, (name) => !keysOf(key).includes(name))),
  ],
  where: [
    'test',
    (table, { test }, call) =>
      tableValue({
        ...table,
        rows: table.rows.filter((row) =>
          isTruthy(callFunction(test, call, [rowValue(table, row)])),
        ),
      }),
  ],
  find: [
    'test',
    (table, { test }, call) => {
      const row = table.rows.find((one) =>
        isTruthy(callFunction(test, call, [rowValue(table, one)])),
      );
      return row ? rowValue(table, row) : null;
    },
  ],
  limit: [
    'start_or_stop? stop? step?',
    (table, { start_or_stop: first, stop }) => {
      const [from, to] =
        stop === undefined
          ? [0, asInt(first, table.rows.length)]
          : [asInt(first, 0), asInt(stop, 0)];
      return tableValue({ ...table, rows: table.rows.slice(from, to) });
    },
  ],
  order_by: [
    'key reverse?',
    (table, { key, reverse }, call) =>
      tableValue({
        ...table,
        rows: orderedBy(table.rows, sortKey(table, key, call), isTruthy(reverse ?? false)),
      }),
  ],
  distinct: ['key?', (table, { key }, call) => tableValue(distinctRows(table, key, call))],
  print_table: [
    'max_rows? max_columns? max_column_width? **kwargs',
    (table, given) => {
      table.print(
        printedTable(
          table,
          asInt(given['max_rows'], 20),
          asInt(given['max_columns'], 6),
          asInt(given['max_column_width'], 20),
        ),
      );
      return null;
    },
  ],
  print_csv: [
    '**kwargs',
    (table) => {
      const lines = [table.names, ...table.rows].map((row) => row.map(csvCell).join(','));
      table.print(lines.join('\n'));
      return null;
    },
  ],
  print_json: [
    '**kwargs',
    (table) => {
      const rows = table.rows.map((row) =>
        Object.fromEntries(table.names.map((name, i) => [name, toPlainCell(row[i])])),
      );
      table.print(pythonJson(rows));
      return null;
    },
  ],
};

const keysOf = (key: Value): readonly Value[] => {
  if (Array.isArray(key)) return key;
  return key instanceof PyTuple ? key.items : [key];
};

function renamed(table: Table, names: Value): Table {
  if (names instanceof Map) {
    return {
      ...table,
      names: table.names.map((name) => (names.has(name) ? toText(names.get(name)) : name)),
    };
  }
  const list = keysOf(names).map(toText);
  if (names !== undefined && list.length !== table.names.length) {
    raise('ValueError', 'column_names and column_types must be the same length.');
  }
  return names === undefined
    ? table
    : { ...table, names: table.names.map((name, i) => list[i] ?? name) };
}

function chosen(table: Table, wanted: (name: string) => boolean): Table {
  const indexes = [...table.names.keys()].filter((index) => wanted(table.names[index] ?? ''));
  return {
    ...table,
    names: indexes.map((index) => table.names[index] ?? ''),
    kinds: indexes.map((index) => table.kinds[index] ?? 'text'),
    rows: table.rows.map((row) => indexes.map((index) => row[index])),
  };
}

function sortKey(table: Table, key: Value, call: Call): (row: readonly Value[]) => Value {
  if (key instanceof JinjaFunction) return (row) => callFunction(key, call, [rowValue(table, row)]);
  const indexes = keysOf(key).map((name) => table.names.indexOf(toText(name)));
  return (row) =>
    indexes.length === 1 ? row[indexes[0] ?? 0] : new PyTuple(indexes.map((index) => row[index]));
}

function distinctRows(table: Table, key: Value, call: Call): Table {
  const of =
    key === undefined || key === null
      ? (row: readonly Value[]) => new PyTuple(row)
      : sortKey(table, key, call);
  const seen = new Set<string>();
  return {
    ...table,
    rows: table.rows.filter((row) => {
      const text = toRepr(of(row));
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    }),
  };
}

const toPlainCell = (value: Value): unknown => {
  const plain = toPlain(value);
  return typeof plain === 'object' && plain !== null ? String(value) : plain;
};

const csvCell = (value: Value): string => {
  const text = value === null ? '' : toText(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** agate's text table: numbers to the right, texts to the left, long ones cut. */
function printedTable(table: Table, maxRows: number, maxColumns: number, maxWidth: number): string {
  const shown = (text: string) =>
    text.length > maxWidth ? `${text.slice(0, maxWidth - 3)}...` : text;
  const columns = table.names.slice(0, maxColumns);
  const more = table.names.length > maxColumns;
  const cells = table.rows
    .slice(0, maxRows)
    .map((row) => [
      ...columns.map((_, i) => shown(row[i] === null ? '' : toText(row[i]))),
      ...(more ? ['...'] : []),
    ]);
  if (table.rows.length > maxRows)
    cells.push([...columns, ...(more ? ['...'] : [])].map(() => '...'));
  const names = [...columns.map(shown), ...(more ? ['...'] : [])];
  const isNumber = (i: number) => ['integer', 'decimal', 'float'].includes(table.kinds[i] ?? '');
  return tableText(names, cells, isNumber);
}

/** Kinds of the columns of the tables templates hold. */
const tableKinds = new WeakMap<JinjaObject, readonly CellKind[]>();

function tableValue(table: Table): JinjaObject {
  const columns = (): Mapped => ({
    names: table.names,
    items: table.names.map((_, index) => columnValue(table, index)),
  });
  const rows = (): JinjaObject =>
    mapped('agate.MappedSequence', {
      names: [],
      items: table.rows.map((row) => rowValue(table, row)),
    });
  const made = lazyObject(
    'agate.Table',
    table,
    {
      columns: () => mapped('agate.MappedSequence', columns()),
      rows,
      column_names: () => new PyTuple(table.names),
      column_types: () => new PyTuple(table.kinds.map(typeValue)),
      row_names: () => null,
    },
    tableMethods,
    {
      getItem: (key) => (typeof key === 'string' ? itemOf(columns(), key) : rows().getItem?.(key)),
      iterate: () => table.rows.map((row) => rowValue(table, row)),
      length: () => table.rows.length,
    },
  );
  tableKinds.set(made, table.kinds);
  return made;
}

/** The rows of a table a template holds, as `load_result(...)['data']` gives them: a list of tuples. */
export function tableRows(value: Value): Value[] {
  const iterate = (value as JinjaObject | null)?.iterate;
  if (typeof iterate !== 'function') return [];
  return Array.from(
    (value as JinjaObject).iterate?.() ?? [],
    (row) => new PyTuple([...((row as JinjaObject).iterate?.() ?? [])]),
  );
}

/** What a column of a table a template holds means; undefined for what is no table, and outside of it. */
export const columnKind = (value: Value, index: number): CellKind | undefined =>
  tableKinds.get(value as JinjaObject)?.[index];
