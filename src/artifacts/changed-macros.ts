import type { MacroInfo } from '../core/node.ts';

/** What an earlier manifest says of a macro. */
export type EarlierMacros = Readonly<Record<string, { readonly macro_sql: string }>>;

/** Ids of the project's macros that are new or other than they were, and of those that call one, at whatever depth. */
export function changedMacros(
  macros: readonly MacroInfo[],
  then: EarlierMacros,
): ReadonlySet<string> {
  const callers = new Map<string, string[]>();
  const changed = new Set<string>();
  for (const macro of macros) {
    const id = `macro.${macro.packageName}.${macro.name}`;
    for (const called of macro.macros) callers.set(called, [...(callers.get(called) ?? []), id]);
    if (then[id]?.macro_sql.trim() !== macro.text.trim()) changed.add(id);
  }
  // A set is walked with what is added to it on the way.
  for (const id of changed) for (const caller of callers.get(id) ?? []) changed.add(caller);
  return changed;
}
