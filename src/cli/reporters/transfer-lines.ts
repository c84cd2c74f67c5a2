import type { TransferPreview, TransferredTable } from '../../api/transfer-result.ts';
import { formatDuration } from '../terminal/duration.ts';
import { formatCount, plural } from '../terminal/number.ts';
import { printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';

const MOST_CHANGES = 3;

/** What a transfer of a table would do: rows, differences of columns, some rows that change. */
export function previewLines(preview: TransferPreview, style: Style): string[] {
  const { node, relation, rowsHere, rowsThere, part, rowsToSend } = preview;
  const place = `${relation.schema}.${relation.name}`;
  const there = rowsThere === undefined ? 'new' : plural(rowsThere, 'row');
  const sending =
    part === undefined ? `${plural(rowsToSend, 'row')}` : `${plural(rowsToSend, 'row')}, ${part}`;
  return [
    `${style.bold(node.name)} → ${place}`,
    `  rows     ${formatCount(rowsHere)} to be there, now ${there}; sends ${sending}`,
    ...columnLines(preview),
    ...sampleLines(preview),
  ];
}

function columnLines({ columns: { onlyHere, onlyThere, cast } }: TransferPreview): string[] {
  const list = (title: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`  ${title} ${names.join(', ')}`];
  return [
    ...list('columns  not sent, as the table has none of the name:', onlyHere),
    ...list('columns  left to their default:', onlyThere),
    ...list(
      'columns  cast:',
      cast.map(({ name, from, to }) => `${name} (${from} to ${to})`),
    ),
  ];
}

function sampleLines({ sample }: TransferPreview): string[] {
  if (!sample || sample.rows === 0) return [];
  const { rows, changes } = sample;
  const added = changes.filter(({ columns }) => columns === undefined).length;
  const changed = changes.length - added;
  const shown = changes.slice(0, MOST_CHANGES).map(({ key, columns }) => {
    const values = columns
      ?.slice(0, MOST_CHANGES)
      .map(({ name, before, after }) => `${name} ${before} → ${after}`);
    return `           ${printable(key.join(', '))}: ${printable(values?.join(', ') ?? 'new')}`;
  });
  return [`  sample   of ${plural(rows, 'row')} ${changed} changed, ${added} new`, ...shown];
}

const WORDS: Readonly<Record<TransferredTable['status'], string>> = {
  done: 'done',
  same: 'nothing to send',
  previewed: 'not sent: a look only',
  refused: 'NOT PUBLISHED: its tests failed on the new rows',
  error: 'FAILED',
  left: 'not begun: a table before it failed',
};

/** How a transfer of a table ended, with the tests that did not pass or were not run. */
export function transferredLines(table: TransferredTable, style: Style): string[] {
  const { node, status, rows, durationMs, checks, leftTests } = table;
  const isBad = status === 'refused' || status === 'error';
  const paint = isBad ? style.red : status === 'done' ? style.green : style.dim;
  const bad = checks.filter(({ status: one }) => one !== 'pass');
  const passed = checks.length - bad.length;
  const speed = durationMs > 0 ? Math.round((rows / durationMs) * 1000) : 0;
  const sent =
    status === 'done'
      ? `: ${plural(rows, 'row')} in ${formatDuration(durationMs)} (${formatCount(speed)} rows/s)`
      : '';
  const name = status === 'left' ? `${node.name} ` : '';
  return [
    `  ${name}${paint(WORDS[status])}${sent}${passed > 0 ? `, ${plural(passed, 'test')} passed` : ''}`,
    ...bad.map(
      ({ node: test, status: verdict, message, error }) =>
        `    ${style.red(verdict)} ${test.name}: ${printable(error?.message ?? message)}`,
    ),
    ...leftTests.map(({ test, reason }) => style.dim(`    not run: ${test.name}: ${reason}`)),
    '',
  ];
}
