import { CHAR, type Cursor, endLine, nextLine, unusual } from './cursor.ts';

const NULL = /^(?:~|null|Null|NULL)$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const INTEGER = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Numbers nobody writes: hexadecimal, octal, infinite. */
const RARE = /^(?:0[ox]|[-+]?\.[iInN])/;

/** What a plain text means by YAML 1.2's core schema. */
export function plainValue(text: string): unknown {
  const first = text.charCodeAt(0);
  if (first > 57) {
    // Of the letters only F, N, T, f, n, t begin anything but a text, and so does ~.
    if (first === 70 || first === 84 || first === 102 || first === 116) {
      return BOOLEAN.test(text) ? text.length === 4 : text;
    }
    const isNull = (first === 78 || first === 110 || first === 126) && NULL.test(text);
    return isNull ? null : text;
  }
  if (RARE.test(text)) unusual();
  return INTEGER.test(text) || FLOAT.test(text) ? Number(text) : text;
}

const SINGLE = /'((?:[^'\n]|'')*)'/y;
const DOUBLE = /"[^"\\\n]*(?:\\["\\/bfnrt][^"\\\n]*)*"/y;

/** A quoted text on one line. */
export function quoted(cursor: Cursor): string {
  const isSingle = cursor.text.charCodeAt(cursor.at) === CHAR.apostrophe;
  const pattern = isSingle ? SINGLE : DOUBLE;
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (!found) return unusual();
  cursor.at = pattern.lastIndex;
  const [whole, inner = ''] = found;
  if (isSingle) return inner.includes("'") ? inner.replaceAll("''", "'") : inner;
  return whole.includes('\\') ? (JSON.parse(whole) as string) : whole.slice(1, -1);
}

const PLAIN_START = /[^\s,[\]{}#&*!|>'"%@`?:-]|-[\w.]/y;

/** A plain text in a block, with the lines that go on further in than `indent`; ends at the next line. */
export function plain(cursor: Cursor, indent: number): unknown {
  PLAIN_START.lastIndex = cursor.at;
  if (!PLAIN_START.test(cursor.text)) unusual();
  const first = plainLine(cursor);
  if (cursor.indent <= indent) return plainValue(first);
  let text = first;
  do {
    if (cursor.commented) unusual();
    text += cursor.blanks > 0 ? '\n'.repeat(cursor.blanks) : ' ';
    text += plainLine(cursor);
  } while (cursor.indent > indent);
  return text;
}

/** One line of a plain text, without the comment behind it. */
function plainLine(cursor: Cursor): string {
  const { text, at } = cursor;
  let end = text.indexOf('\n', at);
  if (end < 0) end = text.length;
  let line = text.slice(at, end);
  const comment = line.indexOf(' #');
  if (comment >= 0) line = line.slice(0, comment);
  line = withoutEnd(line);
  if (line.includes(': ') || line.endsWith(':')) unusual();
  cursor.at += line.length;
  endLine(cursor);
  return line;
}

/** Without the blanks at the end, and no other white space: only those may be left out. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (line.charCodeAt(end - 1) === CHAR.blank) end -= 1;
  return end < line.length ? line.slice(0, end) : line;
}

const HEADER = /[|>]([+-]?) *(?:(?<= )#.*)?\n( *\n)*( *)(?=\S)/y;

/** A text after `|` or `>`, further in than `indent`; ends at the next line. */
export function blockText(cursor: Cursor, indent: number): string {
  HEADER.lastIndex = cursor.at;
  const header = HEADER.exec(cursor.text);
  const [, chomping, before, blanks = ''] = header ?? [];
  if (!header || before !== undefined || blanks.length <= indent) return unusual();
  const folds = cursor.text.charCodeAt(cursor.at) === CHAR.greater;
  cursor.at = HEADER.lastIndex - blanks.length;
  const lines = blockLines(cursor, indent, blanks.length);
  const last = lines.findLastIndex((line) => line !== '');
  const body = lines.slice(0, last + 1);
  const text = folds ? folded(body) : body.join('\n');
  if (chomping === '-') return text;
  return chomping === '+' ? text + '\n'.repeat(lines.length - last) : `${text}\n`;
}

/** The lines at least `width` in, without that margin. */
function blockLines(cursor: Cursor, indent: number, width: number): string[] {
  const { text } = cursor;
  const lines: string[] = [];
  let start = cursor.at;
  while (start < text.length) {
    let content = start;
    while (text.charCodeAt(content) === CHAR.blank) content += 1;
    let end = text.indexOf('\n', content);
    if (end < 0) end = text.length;
    if (content === end) {
      if (content - start > width) unusual();
      lines.push('');
    } else if (content - start >= width) lines.push(text.slice(start + width, end));
    else if (content - start > indent) unusual();
    else break;
    start = end + 1;
  }
  // One back: the line that ended the text is the next one.
  cursor.at = start - 1;
  cursor.commented = false;
  nextLine(cursor);
  return lines;
}

/** Lines as one, empty ones as line ends. Lines further in than the others are kept as they are. */
function folded(lines: readonly string[]): string {
  let text = '';
  let ends = 0;
  for (const [i, line] of lines.entries()) {
    if (line.charCodeAt(0) === CHAR.blank) unusual();
    if (line === '') ends += 1;
    else {
      if (i > 0) text += ends > 0 ? '\n'.repeat(ends) : ' ';
      text += line;
      ends = 0;
    }
  }
  return text;
}
