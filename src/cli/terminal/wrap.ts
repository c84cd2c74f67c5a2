/** A line as several of at most `width` characters each, broken at blanks; a longer word stands alone. */
export function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let last = '';
  for (const word of line.split(' ')) {
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width) {
      last = longer;
      continue;
    }
    if (last !== '') lines.push(last);
    last = word;
  }
  return [...lines, last];
}
