import { printable } from './printable.ts';
import { cutEnd, displayWidth, padEnd, padStart } from './width.ts';

export interface TableColumn {
  readonly title: string;
  /** Undefined: numbers stand right, everything else left. */
  readonly align?: 'left' | 'right' | undefined;
  /** Never cut, as numbers are not. */
  readonly whole?: boolean | undefined;
}

export interface TableLook {
  /** `pipes`: dbt's frame, `| a | b |`, for data. `open`: columns two spaces apart, for reports. */
  readonly frame: 'pipes' | 'open';
}

/** The least a column shrinks to: a few letters and `…`. */
const LEAST_WIDTH = 6;

/**
 * A table as text, one line a row. `rows` are in the order of `columns`; null and undefined are empty cells.
 * Columns too wide for `width` cells shrink, the widest text first; numbers are never cut.
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  width: number,
  look: TableLook = { frame: 'pipes' },
): string {
  const cells = rows.map((row) => columns.map((_, index) => cellText(row[index])));
  const right = columns.map(({ align }, index) =>
    align ? align === 'right' : isNumeric(rows.map((row) => row[index])),
  );
  const natural = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), 1, ...widthsOf(cells, index)),
  );
  const frameWidth = look.frame === 'pipes' ? 3 * columns.length + 1 : 2 * (columns.length - 1);
  const fixed = columns.map(({ whole }, index) => whole || right[index] === true);
  const widths = shrink(natural, fixed, width - frameWidth);
  const line = (row: readonly string[]): string => frame(row.map(cell), look);
  const cell = (text: string, index: number): string => {
    const size = widths[index] ?? 0;
    return right[index] ? padStart(cutEnd(text, size), size) : padEnd(cutEnd(text, size), size);
  };
  const rule = frame(
    widths.map((size) => '-'.repeat(size)),
    look,
  );
  return [line(columns.map(({ title }) => title)), rule, ...cells.map(line)].join('\n');
}

const frame = (row: readonly string[], look: TableLook): string =>
  look.frame === 'pipes' ? `| ${row.join(' | ')} |` : row.join('  ').trimEnd();

const widthsOf = (cells: readonly (readonly string[])[], index: number): number[] =>
  cells.map((row) => displayWidth(row[index] ?? ''));

/** Takes from the widest columns that may be cut until the sum of all is `available`, or none can give. */
function shrink(
  natural: readonly number[],
  fixed: readonly boolean[],
  available: number,
): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, size) => sum + size, 0) - available;
  while (excess > 0) {
    const widest = widestIndex(widths, fixed);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestIndex(widths: readonly number[], fixed: readonly boolean[]): number | undefined {
  let widest: number | undefined;
  for (const [index, size] of widths.entries()) {
    if (fixed[index] || size <= LEAST_WIDTH) continue;
    if (widest === undefined || size > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}

function isNumeric(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== null && value !== undefined);
  return present.length > 0 && present.every((v) => typeof v === 'number' || typeof v === 'bigint');
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return printable(text).replaceAll('\n', '⏎');
}
