/** A table as agate prints it; cells of the columns `isRight` names stand on the right. */
export function tableText(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean = () => false,
): string {
  const widths = names.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const padded = (cell: string, i: number): string =>
    isRight(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  const line = (row: readonly string[]) => `| ${row.map(padded).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(names), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}
