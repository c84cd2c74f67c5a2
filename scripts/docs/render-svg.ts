const ESCAPE = String.fromCharCode(27);

/** A change of colour or weight. */
const SGR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');

const CELL_WIDTH = 8.43;
const LINE_HEIGHT = 19;
const PADDING = 18;

const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
};

interface Pen {
  colour: string | undefined;
  bold: boolean;
  dim: boolean;
}

/** Terminal lines with SGR escape sequences as a picture; every piece of text is set to its own column. */
export function renderSvg(lines: readonly string[], columns: number, label: string): string {
  const width = Math.round(columns * CELL_WIDTH + 2 * PADDING);
  const height = lines.length * LINE_HEIGHT + 2 * PADDING;
  const pen: Pen = { colour: undefined, bold: false, dim: false };
  const texts = lines.map((line, row) => renderLine(line, row, pen)).filter(Boolean);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(label)}">`,
    '<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dde4;white-space:pre}.b{font-weight:bold}.d{fill-opacity:.62}</style>',
    `<rect width="100%" height="100%" rx="8" fill="#161b22"/>`,
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}

/** `pen` carries over: a terminal repeats no colour at the start of a line. */
function renderLine(line: string, row: number, pen: Pen): string {
  const y = PADDING + (row + 0.75) * LINE_HEIGHT;
  let column = 0;
  let texts = '';
  for (const part of line.split(new RegExp(`(${SGR.source})`))) {
    if (part.startsWith(ESCAPE)) {
      applyCodes(part.slice(2, -1), pen);
      continue;
    }
    for (const { 0: word, index } of part.matchAll(/\S+(?: \S+)*/g)) {
      const x = (PADDING + (column + index) * CELL_WIDTH).toFixed(1);
      const length = ([...word].length * CELL_WIDTH).toFixed(1);
      texts += `<text x="${x}" y="${y}" textLength="${length}"${style(pen)}>${escapeXml(word)}</text>`;
    }
    column += [...part].length;
  }
  return texts;
}

function applyCodes(codes: string, pen: Pen): void {
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) Object.assign(pen, { colour: undefined, bold: false, dim: false });
    else if (code === 1) pen.bold = true;
    else if (code === 2) pen.dim = true;
    else if (code === 22) Object.assign(pen, { bold: false, dim: false });
    else if (code === 39) pen.colour = undefined;
    else if (code in COLOURS) pen.colour = COLOURS[code];
  }
}

function style({ colour, bold, dim }: Pen): string {
  const names = [...(bold ? ['b'] : []), ...(dim ? ['d'] : [])].join(' ');
  return `${names ? ` class="${names}"` : ''}${colour ? ` style="fill:${colour}"` : ''}`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
