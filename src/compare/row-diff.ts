import type { Cells, RowPair } from './expected-rows.ts';

/** Rows without a difference that are shown around one. */
const CONTEXT = 1;

/** Differences that are shown; a test of ten thousand rows may miss all of them. */
const MOST_SHOWN = 50;

type Line = readonly string[];

/**
 * Differing rows as a table in dbt's form, lines ending in a line feed: `---` is expected and not there, `+++` is there
 * and not expected, `→` has cells with both values, `...` stands for rows that are equal. @returns '' when all are equal
 */
export function rowDiff(pairs: readonly RowPair[], columns: readonly string[]): string {
  const differing = [...pairs.keys()].filter((row) => !pairs[row]?.isEqual);
  if (differing.length === 0) return '';
  const shown = differing.slice(0, MOST_SHOWN);
  const lines = linesOf(pairs, shown, columns.length);
  const more = differing.length - shown.length;
  const rest = more > 0 ? `${more} more ${more === 1 ? 'row differs' : 'rows differ'}\n` : '';
  return `${table([['@@', ...columns], ...lines])}${rest}`;
}

function linesOf(
  pairs: readonly RowPair[],
  differing: readonly number[],
  width: number,
): readonly Line[] {
  const near = new Set(
    differing.flatMap((row) =>
      Array.from({ length: 2 * CONTEXT + 1 }, (_, at) => row - CONTEXT + at),
    ),
  );
  const isShown = (row: number) =>
    near.has(row) && (pairs[row]?.isEqual || differing.includes(row));
  const lines: Line[] = [];
  let isGap = false;
  for (const [row, pair] of pairs.entries()) {
    if (isShown(row)) lines.push(lineOf(pair));
    else if (!isGap && pair.isEqual) lines.push(Array<string>(width + 1).fill('...'));
    isGap = !isShown(row);
  }
  return lines;
}

function lineOf({ expected, actual, isEqual }: RowPair): Line {
  if (!actual) return ['---', ...(expected ?? []).map(cellText)];
  if (!expected) return ['+++', ...actual.map(cellText)];
  if (isEqual) return ['', ...actual.map(cellText)];
  return ['→', ...actual.map((cell, at) => change(expected, at, cellText(cell)))];
}

function change(expected: Cells, at: number, now: string): string {
  const before = cellText(expected[at]);
  return before === now ? now : `${before}→${now}`;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return 'NULL';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return text.replaceAll(/\r?\n/g, '\\n');
}

/** All columns but the last have the width of their widest cell. */
function table(lines: readonly Line[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    lines.reduce((most, line) => Math.max(most, (line[column] ?? '').length), 0),
  );
  const padded = lines.map((line) =>
    line
      .map((cell, at) => (at === line.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join(','),
  );
  return `${padded.join('\n')}\n`;
}
