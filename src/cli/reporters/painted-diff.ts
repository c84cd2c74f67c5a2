import type { Style } from '../terminal/style.ts';

/** The table of a unit test's differences in colours: what was expected red, what came instead green. */
export const paintedDiff = (text: string, style: Style): string =>
  text
    .split('\n')
    .map((line) => paintedLine(line, style))
    .join('\n');

function paintedLine(line: string, style: Style): string {
  if (line.startsWith('---')) return style.red(line);
  if (line.startsWith('+++')) return style.green(line);
  if (line.startsWith('@@')) return style.bold(line);
  if (line.startsWith('→'))
    return line
      .split(',')
      .map((cell) => paintedCell(cell, style))
      .join(',');
  return line;
}

function paintedCell(cell: string, { red, green, yellow }: Style): string {
  const at = cell.indexOf('→');
  if (at < 0) return cell;
  return at === 0 ? yellow(cell) : `${red(cell.slice(0, at))}→${green(cell.slice(at + 1))}`;
}
