import { raise } from '../../python/error.ts';

/** Python's flags as bits. */
export const FLAGS = { I: 2, M: 8, S: 16, X: 64, A: 256, U: 32, L: 4 } as const;

export interface TranslatedRegex {
  readonly source: string;
  /** JavaScript's flags. */
  readonly flags: string;
  /** Names of groups, by their number from 1. */
  readonly groupNames: ReadonlyMap<string, number>;
  readonly groupCount: number;
}

interface Reader {
  readonly text: string;
  at: number;
  groups: number;
  readonly names: Map<string, number>;
  multiline: boolean;
  dotAll: boolean;
  verbose: boolean;
  ignoreCase: boolean;
}

const WORD = '\\p{L}\\p{N}_';

/** A Python pattern as one of JavaScript with the `u` flag. Raises ValueError for what JavaScript lacks. */
export function translateRegex(pattern: string, flags: number): TranslatedRegex {
  const reader: Reader = {
    text: pattern,
    at: 0,
    groups: 0,
    names: new Map(),
    multiline: (flags & FLAGS.M) !== 0,
    dotAll: (flags & FLAGS.S) !== 0,
    verbose: (flags & FLAGS.X) !== 0,
    ignoreCase: (flags & FLAGS.I) !== 0,
  };
  readInlineFlags(reader);
  let source = '';
  while (reader.at < pattern.length) source += piece(reader);
  return {
    source,
    flags: reader.ignoreCase ? 'ui' : 'u',
    groupNames: reader.names,
    groupCount: reader.groups,
  };
}

/** `(?im)` at the very start. */
function readInlineFlags(reader: Reader): void {
  const match = /^\(\?([aiLmsux]+)\)/.exec(reader.text);
  if (!match) return;
  const letters = match[1] ?? '';
  reader.at = match[0].length;
  if (letters.includes('i')) reader.ignoreCase = true;
  if (letters.includes('m')) reader.multiline = true;
  if (letters.includes('s')) reader.dotAll = true;
  if (letters.includes('x')) reader.verbose = true;
}

function piece(reader: Reader): string {
  const char = next(reader);
  if (reader.verbose && /\s/.test(char)) return '';
  if (reader.verbose && char === '#') return skipComment(reader);
  switch (char) {
    case '\\':
      return escaped(reader, false);
    case '[':
      return characterClass(reader);
    case '(':
      return group(reader);
    case '.':
      return reader.dotAll ? '[\\s\\S]' : '[^\\n]';
    case '^':
      return reader.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
    case '$':
      return reader.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
    case '{':
      return braces(reader);
    case '}':
    case ']':
    case '/':
      return `\\${char}`;
    case '*':
    case '+':
    case '?':
      return quantifier(reader, char);
    default:
      return char;
  }
}

function next(reader: Reader): string {
  const char = reader.text[reader.at] ?? '';
  reader.at += 1;
  return char;
}

function skipComment(reader: Reader): string {
  const end = reader.text.indexOf('\n', reader.at);
  reader.at = end < 0 ? reader.text.length : end + 1;
  return '';
}

function quantifier(reader: Reader, char: string): string {
  if (reader.text[reader.at] === '+') fail('possessive quantifiers', reader);
  return char;
}

/** `{2,3}` counts; any other brace stands for itself. */
function braces(reader: Reader): string {
  const match = /^(\d*)(,?)(\d*)\}/.exec(reader.text.slice(reader.at));
  if (!match || (match[1] === '' && match[3] === '')) return '\\{';
  reader.at += match[0].length;
  return quantifier(reader, `{${match[1] || '0'}${match[2]}${match[3]}}`);
}

/** Escapes that mean the same within a class and outside. */
const COMMON: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '\\s',
  S: '\\S',
  t: '\\t',
  n: '\\n',
  r: '\\r',
  f: '\\f',
  v: '\\v',
  a: '\\x07',
};

const IN_CLASS: Readonly<Record<string, string>> = { w: WORD, W: '\\W', b: '\\x08' };

const OUTSIDE: Readonly<Record<string, string>> = {
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  b: wordBoundary(true),
  B: wordBoundary(false),
  A: '(?<![\\s\\S])',
  Z: '(?![\\s\\S])',
};

function escaped(reader: Reader, inClass: boolean): string {
  const char = next(reader);
  const table = inClass ? IN_CLASS : OUTSIDE;
  const known = Object.hasOwn(COMMON, char) ? COMMON[char] : undefined;
  const found = known ?? (Object.hasOwn(table, char) ? table[char] : undefined);
  if (found !== undefined) return found;
  if (/[xuU0-9]/.test(char)) return numericEscape(reader, char, inClass);
  if (/[a-zA-Z]/.test(char)) return raise('ValueError', `bad escape \\${char}`);
  return literal(char);
}

/** Between a letter and what is none; without `inside` anywhere else. */
function wordBoundary(inside: boolean): string {
  const word = `[${WORD}]`;
  return inside
    ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
}

function numericEscape(reader: Reader, char: string, inClass: boolean): string {
  const rest = reader.text.slice(reader.at);
  const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
  const length = lengths[char];
  if (length !== undefined) {
    const digits = new RegExp(`^[0-9a-fA-F]{${length}}`).exec(rest)?.[0];
    if (digits === undefined) return raise('ValueError', `incomplete escape \\${char}`);
    reader.at += length;
    return `\\u{${Number.parseInt(digits, 16).toString(16)}}`;
  }
  const more = /^[0-9]/.exec(rest)?.[0] ?? '';
  if (char !== '0' && !inClass) {
    reader.at += more.length;
    return `(?:\\${char}${more})`;
  }
  const octal = /^[0-7]{0,2}/.exec(rest)?.[0] ?? '';
  reader.at += octal.length;
  return `\\u{${Number.parseInt(char + octal, 8).toString(16)}}`;
}

/** A character by itself: with the `u` flag only JavaScript's own signs may be escaped. */
const literal = (char: string): string =>
  /[\^$\\.*+?()[\]{}|/-]/.test(char) ? (char === '-' ? '\\x2d' : `\\${char}`) : char;

function characterClass(reader: Reader): string {
  let out = '[';
  if (reader.text[reader.at] === '^') {
    reader.at += 1;
    out += '^';
  }
  for (let first = true; ; first = false) {
    if (reader.at >= reader.text.length) return raise('ValueError', 'unterminated character set');
    const char = next(reader);
    if (char === ']' && !first) return `${out}]`;
    if (char === '\\') out += escaped(reader, true);
    else out += /[\][^$.*+?(){}|/]/.test(char) ? `\\${char}` : char;
  }
}

function group(reader: Reader): string {
  const rest = reader.text.slice(reader.at);
  const named = /^\?P<(\w+)>/.exec(rest);
  if (named) return capture(reader, named[0].length, named[1]);
  const reference = /^\?P=(\w+)\)/.exec(rest);
  if (reference) {
    reader.at += reference[0].length;
    const index = reader.names.get(reference[1] ?? '');
    return index === undefined
      ? raise('ValueError', `unknown group name '${reference[1]}'`)
      : `(?:\\${index})`;
  }
  if (rest.startsWith('?#')) {
    reader.at += Math.max(rest.indexOf(')') + 1, 0) || rest.length;
    return '';
  }
  const plain = /^\?(?::|=|!|<=|<!)/.exec(rest)?.[0];
  if (plain !== undefined) {
    reader.at += plain.length;
    return `(${plain}`;
  }
  if (rest.startsWith('?')) return fail('this group', reader);
  return capture(reader, 0, undefined);
}

function capture(reader: Reader, length: number, name: string | undefined): string {
  reader.at += length;
  reader.groups += 1;
  if (name !== undefined) reader.names.set(name, reader.groups);
  return '(';
}

const fail = (what: string, { text, at }: Reader): never =>
  raise('ValueError', `${what} at position ${at} of the pattern '${text}' cannot be used in velo`);
