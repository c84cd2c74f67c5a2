import type { Style } from '../terminal/style.ts';

/** The table of a unit test's differences in colours: what was expected red, what came instead green. */
export const paintedDiff = (text: string, style: Style): string =>
  text
    .split('\n')
    .map((line) => paintedLine(line, style))
    .join('\n');

/** One line of it, whatever it is indented by. */
export function paintedLine(line: string, style: Style): string {
  const mark = line.slice(0, line.indexOf(',')).trim();
  if (mark === '---') return style.red(line);
  if (mark === '+++') return style.green(line);
  if (mark === '@@') return style.bold(line);
  if (mark !== '→') return line;
  const cells = line.split(',');
  return cells
    .map((cell, at) => (at === 0 ? style.yellow(cell) : paintedCell(cell, style)))
    .join(',');
}

function paintedCell(cell: string, { red, green }: Style): string {
  const at = cell.indexOf('→');
  return at < 0 ? cell : `${red(cell.slice(0, at))}→${green(cell.slice(at + 1))}`;
}
