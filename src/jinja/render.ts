import { ProjectError } from '../core/errors.ts';
import type { Context } from './context.ts';
import { toEval } from './evaluate/expressions.ts';
import {
  deeper,
  newOutput,
  type Output,
  rootFrame,
  type State,
  withState,
} from './evaluate/frame.ts';
import { toExec } from './evaluate/statements.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { OutputNode } from './nodes.ts';
import { toText } from './python/text.ts';
import type { Value } from './python/types.ts';
import { MacroReturn } from './signals.ts';
import { type Place, placeOfLine } from './source-map.ts';
import { limitError } from './syntax-error.ts';
import { parseTemplate, type Template, type TemplateSource } from './template.ts';

export interface Rendered {
  readonly text: string;
  /** The place in the template, or in a macro it called, that wrote a line of the output, 1-based. */
  placeOf(line: number): Place | undefined;
}

/**
 * Renders a template. Raises ProjectError `template-error`, `unknown-macro` or `template-limit` at
 * the expression that failed, with the chain of macro calls as its trace. Errors of context
 * functions pass through with their place added; whatever else they throw passes untouched.
 * Nothing is kept between renders. `mapsMacros`: `placeOf` looks into macros.
 */
export function render(
  template: Template,
  context: Context,
  limits: Partial<Limits> = {},
  mapsMacros = false,
): Rendered {
  const { file } = template.source;
  const out: Output = { text: '', marks: [] };
  const run = toExec(template.tree.body, file);
  let state: State | undefined;
  const start = (own: State) => {
    state = own;
    return run(rootFrame(context, own, out));
  };
  withinStack(template.source, limits, start, mapsMacros);
  const { calls = [] } = (state as State | undefined)?.macros ?? {};
  const marks = out.marks ?? [];
  return {
    text: out.text,
    placeOf: (line) => placeOfLine(out.text, marks, line, file, calls),
  };
}

/**
 * The value of a text such as `{{ var('x') }}`: of a lone expression the value itself, so that
 * `enabled: "{{ … }}"` can be a boolean; of anything else the rendered text.
 */
export function renderNative(
  source: TemplateSource,
  context: Context,
  limits: Partial<Limits> = {},
): Value {
  const template = parseTemplate(source);
  const only = loneExpression(template);
  if (!only) return render(template, context, limits).text;
  const run = toEval(only.value, source.file);
  return withinStack(source, limits, (state) => run(rootFrame(context, state, newOutput())));
}

function loneExpression(template: Template): OutputNode | undefined {
  const [first, ...rest] = template.tree.body.filter(
    (node) => node.kind !== 'data' || node.text.trim() !== '',
  );
  return first?.kind === 'output' && rest.length === 0 ? first : undefined;
}

/** Two JavaScript errors become limits: a stack that is full, and a text that is too long. */
function withinStack<T>(
  source: TemplateSource,
  limits: Partial<Limits>,
  work: (state: State) => T,
  mapsMacros = false,
): T {
  const start = { file: source.file, line: source.line ?? 1, column: source.column ?? 1 };
  try {
    return withState(
      { ...DEFAULT_LIMITS, ...limits },
      (state) => (state.depth === 0 ? work(state) : deeper(state, () => work(state))),
      mapsMacros,
    );
  } catch (error) {
    if (error instanceof RangeError)
      throw limitError(`the template is too large: ${error.message}`, start);
    if (error instanceof MacroReturn) {
      const message = `${error.message}, with the value ${toText(error.value)}`;
      throw new ProjectError('template-error', message, { span: start });
    }
    throw error;
  }
}
