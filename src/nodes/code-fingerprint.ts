import { hashOf, normalizeSql } from '../core/fingerprint.ts';
import type { Fingerprint } from '../core/node.ts';
import { findMacro, type MacroLibrary } from '../jinja/contexts/macro-library.ts';

/**
 * The fingerprint of a template: its text, what it rendered to when parsed (so that vars and the
 * environment count), and each macro it can reach by name, however deep.
 */
export function codeFingerprint(
  code: { readonly text: string; readonly rendered: string; readonly names: Iterable<string> },
  config: Readonly<Record<string, unknown>>,
  macros: MacroLibrary,
  packageName: string,
): Fingerprint {
  return {
    sql: hashOf([normalizeSql(code.text), normalizeSql(code.rendered)]),
    config: hashOf(config),
    macros: reachableMacros(code.names, macros, packageName),
  };
}

function reachableMacros(
  names: Iterable<string>,
  macros: MacroLibrary,
  packageName: string,
): Record<string, string> {
  const hashes: Record<string, string> = {};
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const macro = findMacro(macros, packageName, name);
    if (!macro || Object.hasOwn(hashes, macro.name)) continue;
    hashes[macro.name] = hashOf(normalizeSql(macro.text));
    queue.push(...macro.names);
  }
  return hashes;
}

const VOLATILE =
  /\b(?:now|today|random|uuid|gen_random_uuid|get_current_timestamp|clock_timestamp|statement_timestamp|transaction_timestamp|nextval)\s*\(|\b(?:current_(?:date|time|timestamp)|localtime|localtimestamp)\b/i;

/** Whether SQL calls something that gives another answer tomorrow. Strings and comments do not count. */
export function isVolatile(sql: string): boolean {
  return VOLATILE.test(normalizeSql(sql).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''"));
}
