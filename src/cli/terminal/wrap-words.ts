import { displayWidth } from './width.ts';

/** `text` in lines of at most `width` cells that end between words; all but the first begin with `indent`. A word that is longer stands alone. */
export function wrapWords(text: string, width: number, indent = '  '): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}
