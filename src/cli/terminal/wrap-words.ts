import { displayWidth } from './width.ts';

const INDENT = '  ';

/** `text` in lines of at most `width` cells that end between words; all but the first are indented. A word that is longer stands alone. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = INDENT + word;
    } else line = longer;
  }
  return [...lines, line];
}
