import { parseTemplate } from '../jinja/template.ts';
import { toPlain } from '../jinja/value.ts';

/** A call of the `dbt` object of a Python model. */
export interface PythonCall {
  /** `ref`, `config.get` */
  readonly name: string;
  /** As written, without the brackets. */
  readonly args: string;
  /** Positional arguments that are literals; undefined for others. */
  readonly literals: readonly unknown[];
  readonly line: number;
  readonly column: number;
}

// Strings and comments first: what stands in them is no call.
const TOKENS =
  /("""|''')[\s\S]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*|\bdbt\s*\.\s*(ref|source|config(?:\.\w+)?)\s*\(|[()]/g;

/** Calls of `dbt.ref`, `dbt.source`, `dbt.config` and `dbt.config.get` in the order of the text. */
export function pythonCalls(text: string): readonly PythonCall[] {
  const calls: PythonCall[] = [];
  const open: { readonly name: string | undefined; readonly start: number }[] = [];
  for (const { 0: token, 2: name, index } of text.matchAll(TOKENS)) {
    if (token.endsWith('(')) {
      open.push({ name, start: index + token.length });
    } else if (token === ')') {
      const call = open.pop();
      if (call?.name !== undefined) {
        calls.push(callAt(text, call.name, call.start, index));
      }
    }
  }
  return calls;
}

function callAt(text: string, name: string, start: number, end: number): PythonCall {
  const before = text.slice(0, start).split('\n');
  const args = text.slice(start, end);
  const column = (before.at(-1) ?? '').length + 1;
  return { name, args, literals: literalsOf(args), line: before.length, column };
}

function literalsOf(args: string): readonly unknown[] {
  const { tree } = parseTemplate({ file: '', text: `{{ f(${args}) }}` });
  const [output] = tree.body;
  if (output?.kind !== 'output' || output.value.kind !== 'call') return [];
  return output.value.args.positional.map((value) =>
    value.kind === 'literal' ? toPlain(value.value) : undefined,
  );
}
