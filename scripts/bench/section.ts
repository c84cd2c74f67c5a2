import { keepsTarget, type Row, ratioOf, type Target } from './row.ts';

const HEADINGS = ['row', 'runs', 'wall', 'CPU', 'peak', 'ratio', 'target', 'verdict'];

/** What came of a group: rows, or why there are none. */
export type Outcome =
  | { readonly rows: readonly Row[] }
  | { readonly skipped: string }
  | { readonly failed: string };

/** The Markdown under a group's heading: `notes`, one paragraph each, and the table. */
export function sectionText(notes: readonly string[], outcome: Outcome): string {
  return `${[...notes, outcomeText(outcome)].join('\n\n')}\n`;
}

function outcomeText(outcome: Outcome): string {
  if ('rows' in outcome) return tableText(outcome.rows);
  return 'skipped' in outcome ? `Skipped: ${outcome.skipped}.` : `FAILED: ${outcome.failed}`;
}

/** Columns as wide as their widest cell, so that the table reads well as plain text too. */
function tableText(rows: readonly Row[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => pad(cell, widths[i] ?? 0, i)).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    isText(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...body] = cells;
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

const isText = (column: number): boolean => column === 0 || column >= 5;

const pad = (cell: string, width: number, column: number): string =>
  isText(column) ? cell.padEnd(width) : cell.padStart(width);

function cellsOf(row: Row): string[] {
  const ratio = ratioOf(row);
  const keeps = keepsTarget(row);
  return [
    row.name,
    String(row.runs),
    time(row.wallMs),
    row.cpuMs === undefined ? '' : time(row.cpuMs),
    row.peakMb === undefined ? '' : `${Math.round(row.peakMb)} MiB`,
    ratio === undefined ? '' : `${ratio.toFixed(2)}× ${row.against?.name}`,
    row.target ? targetText(row.target) : '',
    keeps === undefined ? '' : keeps ? 'ok' : 'MISSED',
  ].map((cell) => cell.replaceAll('|', '\\|'));
}

function targetText({ atMostMs, atMostRatio, atMostMb }: Target): string {
  return [
    atMostMs === undefined ? [] : [`< ${time(atMostMs)}`],
    atMostRatio === undefined ? [] : [`< ${atMostRatio}×`],
    atMostMb === undefined ? [] : [`< ${atMostMb} MiB`],
  ]
    .flat()
    .join(', ');
}

/** Three digits: `123 µs`, `12.3 ms`, `1.23 s`. */
function time(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}
