import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { MacroLibrary } from '../jinja/contexts/macro-library.ts';
import { overrideOf } from '../jinja/contexts/node-context.ts';
import type { AskDatabase } from '../jinja/contexts/replay.ts';
import type { TemplateSource } from '../jinja/template.ts';
import type { Value } from '../jinja/value.ts';
import { type CompileScope, evaluateFor, renderOperation, type TextOptions } from './compile.ts';

/** dbt's global macros, and the project's own in their places, as a step uses them. */
export interface BuildMacros {
  /** Whether the project, or a variant of its own for the adapter, takes the place of a global macro. */
  isOverridden(name: string): boolean;
  /** The value of an expression as a node's template sees it, with further names. @throws ProjectError, DatabaseError */
  evaluate(node: Node, expression: string, names: Names): Promise<Value>;
  /** A text with templates, such as a hook, rendered as the node's own. @throws ProjectError, DatabaseError */
  render(node: Node, source: TemplateSource, names?: Names): Promise<string>;
}

type Names = Readonly<Record<string, Value>>;

/** The same before it is known which session answers the queries. */
export interface SessionMacros {
  isOverridden(name: string): boolean;
  evaluate(node: Node, options: TextOptions): Promise<Value>;
  render(node: Node, options: TextOptions): Promise<string>;
}

export const sessionMacros = (scope: CompileScope): SessionMacros => ({
  isOverridden: (name) => overrideOf(scope.macros, name) !== undefined,
  evaluate: (node, options) => evaluateFor(node, options, scope),
  render: (node, options) => renderOperation(node, options, scope),
});

/** Macros whose queries `ask` answers; `batch` is what a microbatch model is building. */
export const macrosIn = (
  macros: SessionMacros,
  ask: AskDatabase,
  batch?: Interval,
): BuildMacros => ({
  isOverridden: macros.isOverridden,
  evaluate: (node, expression, extraNames) => {
    const source = { ...node.span, text: `{{ ${expression} }}` };
    return macros.evaluate(node, { source, extraNames, ask, batch });
  },
  render: (node, source, extraNames = {}) =>
    macros.render(node, { source, extraNames, ask, batch }),
});

/** Global macros by which relations are made and changed: a project's own version is a part of its models. */
const BUILD_MACROS = [
  'create_view_as',
  'get_create_view_as_sql',
  'create_table_as',
  'get_create_table_as_sql',
  'get_incremental_default_sql',
  'get_incremental_append_sql',
  'get_incremental_delete_insert_sql',
  'get_incremental_merge_sql',
  'get_incremental_insert_overwrite_sql',
  'get_incremental_microbatch_sql',
  'get_merge_sql',
  'get_delete_insert_merge_sql',
  'get_insert_overwrite_merge_sql',
] as const;

const overriding = new WeakMap<MacroLibrary, readonly string[]>();

/** Names of the project's macros that decide how its models are built. */
export function overridingMacros(library: MacroLibrary): readonly string[] {
  const known = overriding.get(library);
  if (known) return known;
  const found = BUILD_MACROS.flatMap((name) => overrideOf(library, name)?.macro.name ?? []);
  overriding.set(library, found);
  return found;
}
