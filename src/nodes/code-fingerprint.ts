import { hashOf, normalizeSql } from '../core/fingerprint.ts';
import { type Fingerprint, RENDERED } from '../core/node.ts';
import { isSecretName } from '../core/secret-names.ts';
import { dispatchCalls, dispatchCandidates } from '../jinja/contexts/dispatch.ts';
import { findMacro, type MacroLibrary } from '../jinja/contexts/macro-library.ts';
import type { MacroDefinition } from '../jinja/template.ts';
import type { ParseContext } from './node-kind.ts';

/** A template as the parse phase left it. */
export interface ParsedCode {
  readonly text: string;
  /** What it rendered to, with stand-ins for relations and dates. */
  readonly rendered: string;
  /** Names it looks up. */
  readonly names: Iterable<string>;
}

/** What a template's rows depend on besides its inputs. */
export interface CodeFacts {
  readonly fingerprint: Fingerprint;
  /** Its SQL gives another answer tomorrow. */
  readonly volatile: boolean;
  /** Ids of the macros it names itself, in the order of the text. */
  readonly macros: readonly string[];
}

/**
 * The facts of a template: its text, what it rendered to, the vars and environment it names, and each macro it can
 * reach by name, however deep. What stands in branches that were not taken when parsing counts as well.
 */
export function codeFacts(
  { text, rendered, names }: ParsedCode,
  config: Readonly<Record<string, unknown>>,
  { macros, packageName, scope }: Pick<ParseContext, 'macros' | 'packageName' | 'scope'>,
): CodeFacts {
  const reached = reachableMacros({ text, names }, macros, packageName);
  const all = [text, ...reached.map((macro) => macro.text)].join('\n');
  const settings = [...all.matchAll(SETTING)].map(([, kind, name = '']) => [
    name,
    kind === 'var' ? (scope.vars[name] ?? null) : environmentValue(name, scope),
  ]);
  return {
    fingerprint: {
      SQL: hashOf(normalizeSql(text)),
      [RENDERED]: hashOf([normalizeSql(rendered), settings]),
      config: hashOf(config),
      ...Object.fromEntries(reached.map((macro) => [`macro ${macro.name}`, hashOfMacro(macro)])),
    },
    volatile: asksDatabase(names, reached) || isVolatile(`${rendered}\n${all}`),
    macros: calledMacros({ text, names }, macros, packageName),
  };
}

/** What is read is kept with the project; a secret stands there only in branches that are not taken. */
const environmentValue = (name: string, scope: ParseContext['scope']): string | null =>
  isSecretName(name) ? null : (scope.readEnvironment(name) ?? null);

/** Ids of the macros that a template or macro of `packageName` calls itself, as dbt's `depends_on` lists them. */
export function calledMacros(
  { text, names }: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): readonly string[] {
  const called = new Set<string>();
  for (const name of names) {
    const macro = findMacro(library, packageName, name);
    if (macro) called.add(macroId(macro, library));
  }
  for (const { name, namespace } of text.includes('dispatch') ? dispatchCalls(text) : []) {
    const [macro] = dispatchCandidates(library, name, namespace, packageName);
    if (macro) called.add(macroId(macro, library));
  }
  return [...called];
}

const macroIds = new WeakMap<MacroDefinition, string>();

function macroId(macro: MacroDefinition, { packages, internal }: MacroLibrary): string {
  let id = macroIds.get(macro);
  if (id !== undefined) return id;
  const places = [...packages, ...internal];
  const [owner] = places.find(([, table]) => table.get(macro.name) === macro) ?? [];
  id = owner === undefined ? macro.name : `macro.${owner}.${macro.name}`;
  macroIds.set(macro, id);
  return id;
}

const SETTING = /\b(var|env_var)\s*\(\s*['"]([^'"]+)['"]/g;

/** By name and by `adapter.dispatch`, of which every candidate counts. */
function reachableMacros(
  code: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): MacroDefinition[] {
  const reached = new Set<MacroDefinition>();
  const queue = mentionedMacros(code, library, packageName);
  for (let macro = queue.pop(); macro !== undefined; macro = queue.pop()) {
    if (reached.has(macro)) continue;
    reached.add(macro);
    queue.push(...mentionedMacros(macro, library, packageName));
  }
  return [...reached];
}

function mentionedMacros(
  { text, names }: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): MacroDefinition[] {
  const named = [...names].flatMap((name) => findMacro(library, packageName, name) ?? []);
  const dispatched = text.includes('dispatch') ? dispatchCalls(text) : [];
  return [
    ...named,
    ...dispatched.flatMap(({ name, namespace }) =>
      dispatchCandidates(library, name, namespace, packageName),
    ),
  ];
}

const macroHashes = new WeakMap<MacroDefinition, string>();

/** Macros are shared by many nodes, and each text is hashed once. */
function hashOfMacro(macro: MacroDefinition): string {
  const known = macroHashes.get(macro) ?? hashOf(normalizeSql(macro.text));
  macroHashes.set(macro, known);
  return known;
}

/** What a query answers while a template is rendered is no part of any fingerprint. */
const asksDatabase = (names: Iterable<string>, reached: readonly MacroDefinition[]): boolean =>
  [...names, ...reached.map(({ name }) => name)].some((name) => name === 'statement');

// Calls need their bracket, words stand alone, and a sample is another one every time.
const VOLATILE =
  /\b(?:now|today|random|uuid|uuidv[47]|gen_random_uuid|get_current_timestamp|current_localtime(?:stamp)?|clock_timestamp|statement_timestamp|transaction_timestamp|nextval)\s*\(|\b(?:current_(?:date|time|timestamp)|localtime|localtimestamp)\b|\b(?:using\s+sample|tablesample)\b/i;

/** Whether SQL calls something that gives another answer tomorrow. Strings and comments do not count. */
export function isVolatile(sql: string): boolean {
  return VOLATILE.test(normalizeSql(sql).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''"));
}
