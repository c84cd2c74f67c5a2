import type { ProjectError } from '../core/errors.ts';
import type { Span } from '../core/span.ts';
import type { Context } from './context.ts';
import { bindMacro } from './evaluate/bind-macro.ts';
import type { MacroNode, Tree } from './nodes.ts';
import { parseTree } from './parser.ts';
import type { JinjaFunction } from './python/types.ts';
import { limitError, SyntaxFailure, toProjectError } from './syntax-error.ts';

/** A text to parse and where it stands. */
export interface TemplateSource {
  readonly file: string;
  readonly text: string;
  /** Where the text starts in the file, for templates inside YAML; 1 when absent. */
  readonly line?: number;
  readonly column?: number;
}

export interface Template {
  readonly source: TemplateSource;
  /** The tree `render` runs. */
  readonly tree: Tree;
  readonly macros: readonly MacroDefinition[];
  /** Blocks kept as text; `span` is where the text inside the block starts. */
  readonly blocks: readonly TemplateBlock[];
  /** Every dotted name the template looks up: `ref`, `my_macro`, `dbt_utils.star`. */
  readonly names: ReadonlySet<string>;
}

export interface TemplateBlock {
  readonly kind: 'docs' | 'snapshot';
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

export interface MacroDefinition {
  /** `test_<n>` for a test, `materialization_<n>_<adapter or default>` for a materialization. */
  readonly name: string;
  readonly kind: 'macro' | 'test' | 'materialization';
  readonly parameters: readonly string[];
  readonly span: Span;
  /** Raw source of the block with its tags. */
  readonly text: string;
  /** As of a template, without its own arguments. */
  readonly names: ReadonlySet<string>;
  /** The macro as a function that sees `context`; cheap, its body is converted on first call. */
  bind(context: Context): JinjaFunction;
}

/**
 * Parses a template. Raises ProjectError `template-syntax` at the place of the mistake, for an
 * unclosed block at the tag that opened it.
 */
export function parseTemplate(source: TemplateSource): Template {
  const { file } = source;
  const tree = parseOrFail(source);
  return {
    source,
    tree,
    macros: tree.macros.map((node) => macroDefinition(node, file)),
    blocks: tree.blocks.map(({ kind, name, text, line, column }) => ({
      kind,
      name,
      text,
      span: { file, line, column },
    })),
    names: tree.names,
  };
}

function parseOrFail(source: TemplateSource): Tree {
  const { file, line = 1, column = 1 } = source;
  try {
    return parseTree(sourceText(source.text), { line, column });
  } catch (error) {
    throw syntaxError(error, { file, line, column });
  }
}

function syntaxError(error: unknown, start: Span): unknown {
  if (error instanceof SyntaxFailure) return toProjectError(error, start.file);
  return error instanceof RangeError
    ? (limitError('the template nests too deeply', start) satisfies ProjectError)
    : error;
}

/** Jinja2 reads every line end as `\n` and drops one at the end of the file. */
function sourceText(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return lines.endsWith('\n') ? lines.slice(0, -1) : lines;
}

function macroDefinition(node: MacroNode, file: string): MacroDefinition {
  const { name, macroKind, parameters, text, names, line, column } = node;
  return {
    name,
    kind: macroKind === 'caller' ? 'macro' : macroKind,
    parameters: parameters.map((parameter) => parameter.name),
    span: { file, line, column },
    text,
    names,
    bind: (context) => bindMacro(node, file, context),
  };
}
