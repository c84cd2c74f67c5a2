import { isDeepStrictEqual } from 'node:util';
import { formatInstant } from '../../core/grain.ts';
import type { Node } from '../../core/node.ts';
import type { DateDifference, RowDifference } from '../../core/row-differences.ts';
import { areEqual } from '../../core/row-differences.ts';
import type { Verification, WayComparison } from '../../core/verification.ts';
import { plural } from '../terminal/number.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';

/** Dates that are listed; the rest is counted. */
const SHOWN_DATES = 10;

const DAILY = 'day by day';

/** What differs in a model: the dates, the columns, and some rows with their values side by side. Fits `width` cells. */
export function verifyDetails(
  node: Node,
  { comparisons }: Verification,
  width: number,
  style: Style,
): string[] {
  const [first, second] = comparisons.filter(({ differences }) => !areEqual(differences));
  if (!first) return [];
  const isSame = second && isDeepStrictEqual(first.differences, second.differences);
  const ways = isSame ? `${first.way} and ${second.way}` : first.way;
  return [
    wayDetails(node, first, ways, width, style),
    ...(second && !isSame ? [wayDetails(node, second, second.way, width, style)] : []),
  ];
}

/** `ways`: two of them differ in the same. */
function wayDetails(
  node: Node,
  comparison: WayComparison,
  ways: string,
  width: number,
  style: Style,
): string {
  const { way, dates, differences } = comparison;
  const grain = node.asOf?.grain ?? 'day';
  const title = `${node.name}: ${ways} differ${ways === way ? 's' : ''} from ${DAILY}`;
  const lines = [
    `${style.bold(title)} ${style.dim(`(${node.span.file})`)}`,
    ...columnLines(DAILY, differences.onlyLeft),
    ...columnLines(way, differences.onlyRight),
  ];
  if (differences.dates.length > 0) {
    lines.push(`${differences.dates.length} of ${plural(dates, grain)} differ:`);
    lines.push(...dateLines(node, comparison, width));
    const columns = differences.columns.map(({ name, rows }) => `${name} (${plural(rows, 'row')})`);
    if (columns.length > 0) lines.push(`columns: ${columns.join(', ')}`);
    for (const example of differences.examples) {
      lines.push('', ...exampleLines(node, way, example, width));
    }
  }
  lines.push('', `${style.cyan('hint:')} ${HINTS[way](node)}`);
  return lines.map((line, i) => (i === 0 || line === '' ? line : indented(line))).join('\n');
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

const columnLines = (way: string, names: readonly string[]): string[] =>
  names.length > 0 ? [`columns only ${way}: ${names.join(', ')}`] : [];

const HINTS = {
  'set-based': () =>
    "a date's rows depend on which dates are built with it; docs/guides/verify.md says what does that",
  published: ({ name }: Node) =>
    `rows were changed behind velo's back, or inputs have changed; to make them anew: velo build --full-refresh -s ${name}`,
} as const satisfies Record<WayComparison['way'], (node: Node) => string>;

function dateLines(node: Node, { way, differences }: WayComparison, width: number): string[] {
  const grain = node.asOf?.grain ?? 'day';
  const titles = [
    'date',
    `rows ${DAILY}`,
    `rows ${way}`,
    `only ${DAILY}`,
    `only ${way}`,
    'changed',
  ];
  const cells = ({ date, leftRows, rightRows, onlyLeft, onlyRight, changed }: DateDifference) => [
    formatInstant(date, grain),
    leftRows,
    rightRows,
    onlyLeft,
    onlyRight,
    changed,
  ];
  const shown = differences.dates.slice(0, SHOWN_DATES).map(cells);
  const columns = titles.map((title) => ({ title, whole: true }));
  const more = differences.dates.length - shown.length;
  const table = renderTable(columns, shown, width - 2, { frame: 'open' });
  return [table, ...(more > 0 ? [`… and ${plural(more, `more ${grain}`)}`] : [])];
}

function exampleLines(
  node: Node,
  way: string,
  { date, key, where, columns }: RowDifference,
  width: number,
): string[] {
  const asOf = formatInstant(date, node.asOf?.grain ?? 'day');
  const others = Object.entries(key).filter(([name]) => name !== node.asOf?.column);
  const row = [asOf, ...others.map(([name, value]) => `${name} ${shown(value)}`)].join(', ');
  if (where !== 'both') return [`${row}: only ${where === 'left' ? DAILY : way}`];
  const titles = [{ title: 'column' }, { title: DAILY }, { title: way }];
  const cells = columns.map(({ name, left, right }) => [name, shown(left), shown(right)]);
  return [row, renderTable(titles, cells, width - 2, { frame: 'open' })];
}

/** Texts stand in quotes where they could be taken for NULL or for nothing. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return value === '' || value === 'NULL' ? `'${value}'` : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
