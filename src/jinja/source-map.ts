import type { TraceEntry } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { MacroCall } from './evaluate/frame.ts';
import { SHIPPED_FOLDER } from './shipped-folder.ts';

/** A place in a template or in a macro, and for the latter the calls that led there, innermost first. */
export interface Place {
  readonly span: Span;
  readonly trace: readonly TraceEntry[];
}

/** Numbers a mark has in the list: offset in the output, line, column, and whether it runs. */
const MARK_SIZE = 4;

/**
 * The place in the template that wrote output line `line` (1-based): that of the first character
 * which is not blank. Text of the template advances line by line with the output; what an
 * expression wrote is all at the place of the expression; what a macro wrote is at its place in the macro, where
 * macros are mapped.
 */
export function placeOfLine(
  text: string,
  marks: readonly number[],
  line: number,
  file: string,
  calls: readonly MacroCall[],
): Place | undefined {
  const start = lineStart(text, line);
  if (start === undefined) return undefined;
  return placeOfOffset({ text, marks, file }, firstInk(text, start), calls);
}

type Written = Pick<MacroCall['written'], 'text' | 'marks' | 'file'>;

function placeOfOffset(
  { text, marks, file }: Written,
  offset: number,
  calls: readonly MacroCall[],
): Place | undefined {
  const index = lastMarkUpTo(marks, offset);
  if (index < 0) return undefined;
  const [from = 0, markLine = 1, markColumn = 1, running = 0] = marks.slice(
    index * MARK_SIZE,
    index * MARK_SIZE + MARK_SIZE,
  );
  const call = running === 2 ? calls[markLine] : undefined;
  if (call) return placeInMacro(call, offset - from, file, calls);
  if (running === 0) return { span: { file, line: markLine, column: markColumn }, trace: [] };
  const before = text.slice(from, offset);
  const newlines = before.split('\n').length - 1;
  const column =
    newlines === 0 ? markColumn + before.length : offset - before.lastIndexOf('\n') - from;
  return { span: { file, line: markLine + newlines, column }, trace: [] };
}

function placeInMacro(
  { written, at }: MacroCall,
  offset: number,
  file: string,
  calls: readonly MacroCall[],
): Place {
  const span = { file, line: at.line, column: at.column };
  const inner = placeOfOffset(written, offset, calls);
  // Nobody can look into a macro that velo ships.
  if (!inner || inner.span.file.startsWith(SHIPPED_FOLDER)) return { span, trace: [] };
  return { span: inner.span, trace: [...inner.trace, { text: written.what, span }] };
}

function lineStart(text: string, line: number): number | undefined {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const newline = text.indexOf('\n', start);
    if (newline < 0) return undefined;
    start = newline + 1;
  }
  return line < 1 ? undefined : start;
}

/** The first character of the line that is not blank, else the line's start. */
function firstInk(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at >= text.length || text[at] === '\n' ? start : at;
}

function lastMarkUpTo(marks: readonly number[], offset: number): number {
  let low = 0;
  let high = marks.length / MARK_SIZE;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle * MARK_SIZE] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
