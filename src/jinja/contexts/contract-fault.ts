import { toArray } from '../python/compare.ts';
import { toText } from '../python/text.ts';
import type { Value } from '../python/types.ts';
import { tableText } from './table-text.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  /** What contracts compare. */
  readonly formatted: string;
}

const columnsOf = (value: Value): Column[] =>
  toArray(value ?? [])
    .filter((one) => one instanceof Map)
    .map((one) => ({
      name: toText(one.get('name')),
      type: toText(one.get('data_type')),
      formatted: toText(one.get('formatted')),
    }));

const sameName = (a: Column, b: Column): boolean => a.name.toLowerCase() === b.name.toLowerCase();

const NAMES = ['column_name', 'definition_type', 'contract_type', 'mismatch_reason'];

/** What a contract and its query disagree about, in dbt's words: a line for each column, by name. */
export function contractFault(contract: Value, definition: Value): string {
  const [wanted, found] = [columnsOf(contract), columnsOf(definition)];
  if (wanted.length === 0) {
    return "This model has an enforced contract, and its 'columns' specification is missing";
  }
  const rows = found.flatMap((column): string[][] => {
    const other = wanted.find((one) => sameName(one, column));
    if (!other) return [[column.name, column.type, '', 'missing in contract']];
    if (other.formatted === column.formatted) return [];
    return [[column.name, column.type, other.type, 'data type mismatch']];
  });
  for (const column of wanted) {
    if (found.some((one) => sameName(one, column))) continue;
    rows.push([column.name, '', column.type, 'missing in definition']);
  }
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return `This model has an enforced contract that failed.
Please ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.

${tableText(NAMES, rows)}`;
}
