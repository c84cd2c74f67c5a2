import { builtIns } from '../built-in.ts';
import { asInt, asLines } from '../python/method.ts';
import { textMethods } from '../python/text-methods.ts';
import { isTruthy, type Value } from '../python/types.ts';

/** Jinja2's `wordwrap`: Python's `textwrap.wrap`, line by line. */
export const wrapFilters = builtIns({
  wordwrap: ['s width? break_long_words? wrapstring? break_on_hyphens?', wordwrap],
});

function wordwrap(s: Value, width: Value, breakLong: Value, glue: Value, hyphens: Value): string {
  const options = {
    width: Math.max(1, asInt(width, 79)),
    breakLong: breakLong === undefined || isTruthy(breakLong),
    hyphens: hyphens === undefined || isTruthy(hyphens),
  };
  const between = typeof glue === 'string' ? glue : '\n';
  const lines = textMethods.get('splitlines')?.run(asLines(s), []) as readonly string[];
  return lines.map((line) => wrapLine(line, options).join(between)).join(between);
}

interface WrapOptions {
  readonly width: number;
  readonly breakLong: boolean;
  readonly hyphens: boolean;
}

function wrapLine(line: string, options: WrapOptions): string[] {
  const chunks = chunksOf(line, options.hyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    const current = takeLine(chunks, options);
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/** Takes chunks from the end of the list, as many as fit. */
function takeLine(chunks: string[], { width, breakLong }: WrapOptions): string[] {
  const current: string[] = [];
  let length = 0;
  for (let next = chunks.at(-1); next !== undefined; next = chunks.at(-1)) {
    if (length + next.length > width) break;
    current.push(next);
    length += next.length;
    chunks.pop();
  }
  const next = chunks.at(-1);
  if (next === undefined || next.length <= width) return current;
  const room = width - length;
  if (breakLong && room > 0) {
    current.push(next.slice(0, room));
    chunks[chunks.length - 1] = next.slice(room);
  } else if (current.length === 0) current.push(chunks.pop() ?? '');
  return current;
}

function chunksOf(line: string, hyphens: boolean): string[] {
  return line
    .split(/(\s+)/)
    .flatMap((word) => (hyphens && !isBlank(word) ? splitHyphens(word) : [word]))
    .filter((chunk) => chunk !== '');
}

/** A word breaks after a hyphen between letters, or at a dash of several. */
function splitHyphens(word: string): string[] {
  return word.split(
    /(?<=[^\s\W\d]-)(?=[^\s\W\d]{2}|[^\s\W\d]-?[^\s\W\d])|(?<=\w)(?=--+\w)|(?<=--)(?=\w)/,
  );
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && /^\s*$/.test(chunk);
}
