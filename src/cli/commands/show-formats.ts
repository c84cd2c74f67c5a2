import type { ShownNode } from '../../api/show.ts';
import { INLINE_NAME } from '../../core/inline-name.ts';
import type { CellKind, ResultTable } from '../../core/result-table.ts';
import { relationName } from '../reporters/node-words.ts';
import { renderTable } from '../terminal/table.ts';

/** Texts, and what has none of its own, stand left, all else right. */
const LEFT: ReadonlySet<CellKind> = new Set(['text', 'json', 'time']);

/** Rows as dbt prints them, cut to `width` cells; undefined: not cut. */
export function shownTable(shown: ShownNode, width?: number): string {
  const { name } = shown.node;
  const what = name === INLINE_NAME ? 'inline node' : `node '${name}'`;
  return `Previewing ${what}:\n${rowsText(shown, width)}\n`;
}

/** Rows of a table that was loaded, below a heading as dbt has one. */
export function loadedTable(shown: ShownNode, width?: number): string {
  const heading = `First rows of table: ${relationName(shown.node)}`;
  return `\n${heading}\n${'-'.repeat(heading.length)}\n${rowsText(shown, width)}`;
}

function rowsText({ table }: ShownNode, width = Number.POSITIVE_INFINITY): string {
  const titles = table.columns.map(({ name, kind }) => ({
    title: name,
    align: LEFT.has(kind) ? ('left' as const) : ('right' as const),
  }));
  const cells = table.rows.map((row) =>
    row.map((value, i) => cellText(value, table.columns[i]?.kind)),
  );
  return renderTable(titles, cells, width);
}

function cellText(value: unknown, kind: CellKind | undefined): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return kind === 'float' && typeof value === 'number' ? floatText(value) : value;
}

/** A float is told from an integer: `9.0`. */
const floatText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);

/** Stands around a number whose digits JSON.stringify would shorten. */
const MARK = '\u0000';

/** The rows as JSON of two spaces, with dbt's keys; of several nodes a list. */
export function shownJson(shown: readonly ShownNode[]): string {
  const content = shown.map(({ node, table }) => ({
    ...(node.name === INLINE_NAME ? {} : { node: node.name }),
    show: table.rows.map((row) => rowObject(row, table)),
  }));
  const text = JSON.stringify(content.length === 1 ? content[0] : content, null, 2);
  return `${text.replaceAll(/"\\u0000(.*?)\\u0000"/g, '$1')}\n`;
}

const rowObject = (row: readonly unknown[], { columns }: ResultTable) =>
  Object.fromEntries(columns.map(({ name, kind }, i) => [name, jsonValue(row[i], kind)]));

/** In JSON a time has a `T` between its parts. */
const DATE_AND_TIME = /^(\d{4,}-\d\d-\d\d) (?=\d\d:)/;

/** Numbers are numbers where JSON's can hold all their digits, and texts elsewhere. */
function jsonValue(value: unknown, kind: CellKind): unknown {
  if (kind === 'timestamp' && typeof value === 'string') return value.replace(DATE_AND_TIME, '$1T');
  if (value === null || !['integer', 'decimal', 'float'].includes(kind)) return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (kind === 'integer') return Number.isSafeInteger(number) ? number : value;
  const digits = String(value)
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '').length;
  return digits <= 15 || kind === 'float' ? MARK + floatText(number) + MARK : value;
}
