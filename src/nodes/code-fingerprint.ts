import { hashOf, normalizeSql } from '../core/fingerprint.ts';
import { type Fingerprint, RENDERED } from '../core/node.ts';
import { dispatchCalls, findDispatched } from '../jinja/contexts/dispatch.ts';
import { type FoundMacro, findMacro, type MacroLibrary } from '../jinja/contexts/macro-library.ts';
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
  const facts = reached.map(macroFacts);
  const named = [...settingsIn(text), ...facts.flatMap(({ settings }) => settings)];
  const settings = named.map(({ isVar, name }) => [
    name,
    isVar
      ? ((Object.hasOwn(scope.vars, name) ? scope.vars[name] : null) ?? null)
      : (scope.readEnvironment(name) ?? null),
  ]);
  const fingerprint: Record<string, string> = {
    SQL: hashOf(normalizeSql(text)),
    [RENDERED]:
      rendered === '' && settings.length === 0
        ? RENDERED_TO_NOTHING
        : hashOf([normalizeSql(rendered), settings]),
    config: hashOfConfig(config),
  };
  addMacroHashes(facts, fingerprint);
  return {
    fingerprint,
    volatile:
      asksDatabase(names, reached) ||
      facts.some(({ volatile }) => volatile) ||
      isVolatile(rendered) ||
      isVolatile(text),
    macros: calledMacros({ text, names }, macros, packageName),
  };
}

const RENDERED_TO_NOTHING = hashOf(['', []]);

const configHashes = new WeakMap<object, string>();

/** Nodes share configs, and each is hashed once. */
function hashOfConfig(config: Readonly<Record<string, unknown>>): string {
  const known = configHashes.get(config) ?? hashOf(config);
  configHashes.set(config, known);
  return known;
}

interface Setting {
  readonly isVar: boolean;
  readonly name: string;
}

/** What a macro adds to the facts of each template that reaches it. */
interface MacroFacts {
  /** Its word in a fingerprint. */
  readonly part: string;
  readonly hash: string;
  readonly settings: readonly Setting[];
  readonly volatile: boolean;
}

const factsOfMacros = new WeakMap<MacroDefinition, MacroFacts>();

/** Macros are shared by many nodes, and each is looked at once. */
function macroFacts(macro: MacroDefinition): MacroFacts {
  const known = factsOfMacros.get(macro) ?? {
    part: `macro ${macro.name}`,
    hash: hashOf(normalizeSql(macro.text)),
    settings: settingsIn(macro.text),
    volatile: isVolatile(macro.text),
  };
  factsOfMacros.set(macro, known);
  return known;
}

/** Ids of the macros that a template or macro of `packageName` calls itself, as dbt's `depends_on` lists them. */
export function calledMacros(
  { text, names }: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): readonly string[] {
  const called = new Set<string>();
  for (const name of names) {
    const found = findMacro(library, packageName, name);
    if (found) called.add(macroId(found.macro, library));
  }
  for (const { name, namespace } of text.includes('dispatch') ? dispatchCalls(text) : []) {
    const found = findDispatched(library, name, namespace, packageName);
    if (found) called.add(macroId(found.macro, library));
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

function settingsIn(text: string): readonly Setting[] {
  if (!text.includes('var')) return [];
  return [...text.matchAll(SETTING)].map(([, kind, name = '']) => ({
    isVar: kind === 'var',
    name,
  }));
}

const SETTING = /\b(var|env_var)\s*\(\s*['"]([^'"]+)['"]/g;

/** By name and by `adapter.dispatch`. The body of a macro sees the names of its own package. */
function reachableMacros(
  code: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): MacroDefinition[] {
  const queue = mentionedMacros(code, library, packageName);
  if (queue.length === 0) return [];
  const reached = new Set<MacroDefinition>();
  for (let found = queue.pop(); found !== undefined; found = queue.pop()) {
    if (reached.has(found.macro)) continue;
    reached.add(found.macro);
    queue.push(...mentionedMacros(found.macro, library, found.packageName));
  }
  return [...reached];
}

function mentionedMacros(
  { text, names }: Pick<ParsedCode, 'text' | 'names'>,
  library: MacroLibrary,
  packageName: string,
): FoundMacro[] {
  const named = [...names].flatMap((name) => findMacro(library, packageName, name) ?? []);
  const dispatched = text.includes('dispatch') ? dispatchCalls(text) : [];
  return [
    ...named,
    ...dispatched.flatMap(
      ({ name, namespace }) => findDispatched(library, name, namespace, packageName) ?? [],
    ),
  ];
}

/** Macros of one name in several packages count together. */
function addMacroHashes(facts: readonly MacroFacts[], fingerprint: Record<string, string>): void {
  for (const { part, hash } of facts) {
    const before = fingerprint[part];
    fingerprint[part] = before === undefined ? hash : hashOf([before, hash]);
  }
}

/** What a query answers while a template is rendered is no part of any fingerprint. */
const asksDatabase = (names: Iterable<string>, reached: readonly MacroDefinition[]): boolean =>
  [...names, ...reached.map(({ name }) => name)].some((name) => name === 'statement');

// Calls need their bracket, words stand alone, and a sample is another one every time.
const VOLATILE =
  /\b(?:now|today|random|uuid|uuidv[47]|gen_random_uuid|get_current_timestamp|current_localtime(?:stamp)?|clock_timestamp|statement_timestamp|transaction_timestamp|nextval)\s*\(|\b(?:current_(?:date|time|timestamp)|localtime|localtimestamp)\b|\b(?:using\s+sample|tablesample)\b/i;

/** A part of each word of VOLATILE: most texts have none, and need not be normalized. */
const HINT = /now|today|random|uuid|current_|local|_timestamp|nextval|sample/i;

/** Whether SQL calls something that gives another answer tomorrow. Strings and comments do not count. */
export function isVolatile(sql: string): boolean {
  if (!HINT.test(sql)) return false;
  return VOLATILE.test(normalizeSql(sql).replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''"));
}
