import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TraceEntry, VeloError, VeloErrors } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import { printable } from './terminal/printable.ts';
import type { Style } from './terminal/style.ts';
import { cutEnd, cutStart, displayWidth } from './terminal/width.ts';

export interface RenderErrorOptions {
  /** Spans are relative to it; the lines they point at are read from there. */
  readonly projectDir: string;
  readonly style: Style;
  /** Cells a quoted line may take; 100 when not given. */
  readonly width?: number | undefined;
}

const TAB = '    ';

/**
 * An error as people read it: code, place, message, the line with a caret, the macro call chain, a hint, and at the end
 * the pages of the codes. Several errors stand apart and are counted. What is not an error of velo is shown with its
 * stack. Never throws.
 */
export function renderError(error: unknown, options: RenderErrorOptions): string {
  try {
    if (error instanceof VeloErrors) return renderAll(error.errors, options);
    if (error instanceof VeloError) return renderAll([error], options);
    return `${heading('internal error, please report:', options)}\n${printable(stackOf(error))}`;
  } catch {
    return 'internal error, please report: an error that cannot be printed';
  }
}

function renderAll(errors: readonly VeloError[], options: RenderErrorOptions): string {
  const texts = errors.map((error) => renderOne(error, options));
  if (errors.length > 1) texts.push(options.style.red(`${errors.length} errors`));
  return `${texts.join('\n\n')}\n${pages(errors, options)}`;
}

function pages(errors: readonly VeloError[], { style }: RenderErrorOptions): string {
  const codes = new Set(errors.map(({ code }) => code));
  return style.dim(`  docs: ${[...codes].map((code) => `docs/errors/${code}.md`).join(', ')}`);
}

function renderOne(error: VeloError, options: RenderErrorOptions): string {
  const { code, message, span, trace, hint } = error;
  const { style } = options;
  return [
    heading(`error[${code}]`, options) + (span ? ` ${place(span)}` : ''),
    ...printable(message)
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    ...(span ? frame(span, options) : []),
    ...traceLines(trace).map((line) => style.dim(line)),
    ...(hint ? [`  ${style.cyan('hint:')} ${printable(hint)}`] : []),
  ].join('\n');
}

/** The way to the error, innermost first; a macro that calls itself is said once, with how often. */
function traceLines(trace: readonly TraceEntry[]): string[] {
  const runs: { line: string; count: number }[] = [];
  for (const { text, span } of trace) {
    const line = `  in ${printable(text)} (${place(span)})`;
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  return runs.map(({ line, count }) => (count > 1 ? `${line}, ${count} times` : line));
}

const heading = (text: string, { style }: RenderErrorOptions): string =>
  style.bold(style.red(text));

const place = ({ file, line, column }: Span): string => printable(`${file}:${line}:${column}`);

/** The line `span` points at and a caret under its column; nothing when there is no such line. */
function frame(span: Span, { projectDir, style, width = 100 }: RenderErrorOptions): string[] {
  const line = readLine(resolve(projectDir, span.file), span.line);
  if (line === undefined) return [];
  const margin = `  ${span.line} | `;
  const room = Math.max(20, width - margin.length);
  const before = cutStart(expand(line.slice(0, span.column - 1)), Math.ceil(room / 2));
  const after = cutEnd(expand(line.slice(span.column - 1)), room - displayWidth(before));
  const caret = ' '.repeat(margin.length + displayWidth(before));
  return [`${style.dim(margin)}${before}${after}`.trimEnd(), `${caret}${style.red('^')}`];
}

/** Tabs have a fixed width here: where a terminal's tab stops are depends on the margin. */
const expand = (text: string): string => printable(text.replaceAll('\t', TAB));

function readLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? String(error)) : String(error);
