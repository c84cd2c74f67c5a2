import { createContext, Script } from 'node:vm';
import { raise } from '../../python/error.ts';
import { asInt } from '../../python/method.ts';
import { toRepr, toText, typeName } from '../../python/text.ts';
import {
  JinjaFunction,
  type JinjaObject,
  PyIterator,
  PyTuple,
  type Value,
} from '../../python/types.ts';
import { checkSize, spend, spendOn } from '../../python/work.ts';
import { type Call, callFunction } from '../../value.ts';
import { recordValue, signedFunction, signedFunctions } from '../record-value.ts';
import { FLAGS, type TranslatedRegex, translateRegex } from './python-regex.ts';

interface Pattern extends JinjaObject {
  readonly pattern: string;
  readonly regex: TranslatedRegex;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly indices: readonly (readonly [number, number] | undefined)[];
}

const isPattern = (value: Value): value is Pattern =>
  typeof value === 'object' && value !== null && 'regex' in value;

const KEPT = 500;
const patterns = new Map<string, Pattern>();

function patternOf(value: Value, flags: Value = 0): Pattern {
  if (isPattern(value)) return value;
  if (typeof value !== 'string') {
    return raise('TypeError', 'first argument must be string or compiled pattern');
  }
  const bits = asInt(flags, 0);
  const key = `${bits} ${value}`;
  const known = patterns.get(key);
  if (known) return known;
  if (patterns.size >= KEPT) patterns.clear();
  const made = pattern(value, bits);
  patterns.set(key, made);
  return made;
}

/** A match may look back and forth without end: it is stopped after this long. */
const TIME_LIMIT_MS = 2_000;

/** Texts up to here cannot keep a tame pattern busy for long. */
const SHORT = 200;

/** What is no quantifier though it looks like one: escapes, classes, and the beginnings of groups. */
const NO_QUANTIFIER = /\\(?:[pPu]\{[^}]*\}|\D)|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|:)/gs;

/** Each quantifier may try the text over: more than two, a repeated group or a reference can take for ever. */
function isTame({ source }: RegExp): boolean {
  const bare = source.replace(NO_QUANTIFIER, '(');
  return (bare.match(/[*+?{]/g) ?? []).length <= 2 && !/\)[*+?{]|\\/.test(bare);
}

/** Milliseconds of matching count as work, so that many matches just below the limit end as well. */
const WORK_PER_MS = 10_000;

const sandbox: { regex: RegExp | undefined; text: string } = { regex: undefined, text: '' };
let guarded: { readonly script: Script; readonly context: object } | undefined;

/** Only what could run away is run under a clock, which costs more than a short match. */
function execute(regex: RegExp, text: string): RegExpExecArray | null {
  spendOn(text);
  if (text.length <= SHORT && isTame(regex)) return regex.exec(text);
  guarded ??= { script: new Script('regex.exec(text)'), context: createContext(sandbox) };
  sandbox.regex = regex;
  sandbox.text = text;
  const start = performance.now();
  try {
    return guarded.script.runInContext(guarded.context, { timeout: TIME_LIMIT_MS });
  } catch (error) {
    if (isSyntaxError(error)) return badPattern(regex.source, error);
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return raise('Limit', `the pattern '${regex.source}' takes too long`);
  } finally {
    spend(Math.floor(performance.now() - start) * WORK_PER_MS);
    sandbox.regex = undefined;
    sandbox.text = '';
  }
}

/** Some patterns turn out to be too large when they are first used. Errors of the sandbox are of its own class. */
const isSyntaxError = (error: unknown): error is Error =>
  (error as Error | undefined)?.name === 'SyntaxError';

function badPattern(pattern: string, { message }: Error): never {
  const shown = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern;
  const reason = message.slice(message.lastIndexOf(': ') + 2);
  return raise('ValueError', `bad pattern '${shown}': ${reason}`);
}

function compiled(
  { pattern: text, regex }: Pattern,
  how: 'search' | 'match' | 'fullmatch',
): RegExp {
  const source = how === 'fullmatch' ? `(?:${regex.source})(?![\\s\\S])` : regex.source;
  try {
    return new RegExp(source, `${regex.flags}d${how === 'search' ? 'g' : 'y'}`);
  } catch (error) {
    return badPattern(text, error as Error);
  }
}

function find(regex: RegExp, text: string, from: number): Found | undefined {
  regex.lastIndex = from;
  const match = execute(regex, text);
  if (!match) return undefined;
  const indices = [...(match.indices ?? [])];
  return {
    start: match.index,
    end: match.index + match[0].length,
    groups: [...match],
    indices,
  };
}

function* findAll(pattern: Pattern, text: string): Generator<Found> {
  const regex = compiled(pattern, 'search');
  let from = 0;
  while (from <= text.length) {
    const found = find(regex, text, from);
    if (!found) return;
    yield found;
    // After an empty match Python goes on at the next character, a pair of surrogates being one.
    from = found.end > found.start ? found.end : found.end + stepAt(text, found.end);
  }
}

const stepAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

function subject(value: Value): string {
  if (typeof value === 'string') return value;
  return raise('TypeError', `expected string or bytes-like object, got '${typeName(value)}'`);
}

function groupOf(found: Found, { regex }: Pattern, key: Value): string | undefined {
  const index = typeof key === 'string' ? regex.groupNames.get(key) : asInt(key, 0);
  if (index === undefined || index < 0 || index > regex.groupCount) {
    return raise('IndexError', 'no such group');
  }
  return found.groups[index];
}

function matchValue(found: Found, pattern: Pattern, text: string): JinjaObject {
  const { regex } = pattern;
  const orNull = (value: string | undefined, fallback: Value = null): Value => value ?? fallback;
  const spanOf = (key: Value): readonly [number, number] => {
    groupOf(found, pattern, key ?? 0);
    const index = typeof key === 'string' ? (regex.groupNames.get(key) ?? 0) : asInt(key, 0);
    return found.indices[index] ?? [-1, -1];
  };
  const get = (keys: readonly Value[]): Value => {
    const [first = 0] = keys;
    if (keys.length < 2) return orNull(groupOf(found, pattern, first));
    return new PyTuple(keys.map((key) => orNull(groupOf(found, pattern, key))));
  };
  return {
    ...recordValue('re.Match', {
      string: text,
      re: pattern,
      pos: 0,
      lastindex: lastIndex(found),
      ...signedFunctions({
        group: ['*keys', ({ keys }) => get(keys as Value[])],
        groups: [
          'default?',
          (given) =>
            new PyTuple(found.groups.slice(1).map((one) => orNull(one, given['default'] ?? null))),
        ],
        groupdict: [
          'default?',
          (given) =>
            new Map(
              Array.from(regex.groupNames, ([name, index]) => [
                name,
                orNull(found.groups[index], given['default'] ?? null),
              ]),
            ),
        ],
        start: ['group?', ({ group }) => spanOf(group)[0]],
        end: ['group?', ({ group }) => spanOf(group)[1]],
        span: ['group?', ({ group }) => new PyTuple([...spanOf(group)])],
        expand: ['template', ({ template }) => expand(toText(template), found, pattern)],
      }),
    }),
    getItem: (key) => orNull(groupOf(found, pattern, key)),
    toString: () =>
      `<re.Match object; span=(${found.start}, ${found.end}), match=${toRepr(found.groups[0])}>`,
  };
}

function lastIndex({ groups }: Found): Value {
  const index = groups.findLastIndex((group, at) => at > 0 && group !== undefined);
  return index < 1 ? null : index;
}

/** `\1`, `\g<name>` and `\n` in a replacement. */
function expand(template: string, found: Found, pattern: Pattern): string {
  return template.replace(/\\(?:(\d{1,2})|g<(\w+)>|(.))/gs, (whole, digits, name, other) => {
    if (digits !== undefined) return groupOf(found, pattern, Number(digits)) ?? '';
    if (name !== undefined) {
      return groupOf(found, pattern, /^\d+$/.test(name) ? Number(name) : name) ?? '';
    }
    const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
    if (/[a-zA-Z]/.test(other) && !Object.hasOwn(controls, other)) {
      return raise('ValueError', `bad escape ${whole}`);
    }
    return controls[other] ?? whole;
  });
}

type Given = Readonly<Record<string, Value>>;

function once(how: 'search' | 'match' | 'fullmatch') {
  return (pattern: Pattern, { string }: Given): Value => {
    const text = subject(string);
    const found = find(compiled(pattern, how), text, 0);
    return found ? matchValue(found, pattern, text) : null;
  };
}

/** What `findall` and `finditer` see of a match: the groups when there are some. */
function itemOf(found: Found): Value {
  const [whole, ...groups] = found.groups;
  if (groups.length === 0) return whole;
  const texts = groups.map((group) => group ?? '');
  return texts.length === 1 ? texts[0] : new PyTuple(texts);
}

function substitute(pattern: Pattern, given: Given, call: Call): [string, number] {
  const text = subject(given['string']);
  const { repl } = given;
  const most = asInt(given['count'], 0) || Number.POSITIVE_INFINITY;
  const replace = (found: Found): string =>
    repl instanceof JinjaFunction
      ? toText(callFunction(repl, call, [matchValue(found, pattern, text)]))
      : expand(toText(repl), found, pattern);
  let out = '';
  let at = 0;
  let count = 0;
  for (const found of findAll(pattern, text)) {
    if (count >= most) break;
    out += text.slice(at, found.start) + replace(found);
    checkSize(out.length, found.end - at);
    at = found.end;
    count += 1;
  }
  return [out + text.slice(at), count];
}

function split(pattern: Pattern, given: Given): Value {
  const text = subject(given['string']);
  const most = asInt(given['maxsplit'], 0) || Number.POSITIVE_INFINITY;
  const parts: Value[] = [];
  let at = 0;
  let count = 0;
  for (const found of findAll(pattern, text)) {
    if (count >= most) break;
    parts.push(text.slice(at, found.start), ...found.groups.slice(1).map((one) => one ?? null));
    at = found.end;
    count += 1;
  }
  return [...parts, text.slice(at)];
}

type Operation = readonly [
  signature: string,
  run: (pattern: Pattern, given: Given, call: Call) => Value,
];

/** Functions of the module and methods of a pattern. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  search: ['string', once('search')],
  match: ['string', once('match')],
  fullmatch: ['string', once('fullmatch')],
  findall: [
    'string',
    (pattern, { string }) => Array.from(findAll(pattern, subject(string)), itemOf),
  ],
  finditer: [
    'string',
    (pattern, { string }) => {
      const text = subject(string);
      const all = Array.from(findAll(pattern, text), (found) => matchValue(found, pattern, text));
      return new PyIterator(all, 'callable_iterator');
    },
  ],
  sub: ['repl string count?', (pattern, given, call) => substitute(pattern, given, call)[0]],
  subn: [
    'repl string count?',
    (pattern, given, call) => new PyTuple(substitute(pattern, given, call)),
  ],
  split: ['string maxsplit?', split],
};

function pattern(text: string, flags: number): Pattern {
  const regex = translateRegex(text, flags);
  const self: Pattern = {
    jinjaType: 're.Pattern',
    pattern: text,
    regex,
    getAttribute(name) {
      if (name === 'pattern') return text;
      if (name === 'flags') return flags | FLAGS.U;
      if (name === 'groups') return regex.groupCount;
      if (name === 'groupindex') return new Map(regex.groupNames);
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      return (
        operation &&
        signedFunction(name, operation[0], (given, call) => operation[1](self, given, call))
      );
    },
    toString: () => `re.compile(${toRepr(text)})`,
  };
  // A pattern that cannot be used is refused where it is made.
  compiled(self, 'search');
  return self;
}

const moduleFunctions = Object.fromEntries(
  Object.entries(OPERATIONS).map(([name, [signature, run]]) => [
    name,
    signedFunction(name, `pattern ${signature} flags?`, (given, call) =>
      run(patternOf(given['pattern'], given['flags']), given, call),
    ),
  ]),
);

/** `modules.re`, in JavaScript's engine. */
export const reModule: JinjaObject = recordValue('module', {
  ...moduleFunctions,
  ...signedFunctions({
    compile: ['pattern flags?', (given) => patternOf(given['pattern'], given['flags'])],
    escape: [
      'pattern',
      (given) => toText(given['pattern']).replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&'),
    ],
    purge: ['', () => null],
  }),
  I: FLAGS.I,
  IGNORECASE: FLAGS.I,
  M: FLAGS.M,
  MULTILINE: FLAGS.M,
  S: FLAGS.S,
  DOTALL: FLAGS.S,
  X: FLAGS.X,
  VERBOSE: FLAGS.X,
  A: FLAGS.A,
  ASCII: FLAGS.A,
  U: FLAGS.U,
  UNICODE: FLAGS.U,
});
