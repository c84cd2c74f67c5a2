import lexerModule, { type NunjucksToken, type Tokenizer } from 'nunjucks/src/lexer.js';
import type { Position, TextBlock } from './nodes.ts';
import { unescapeString } from './python/escapes.ts';
import { MAX_DIGITS } from './python/text.ts';
import { trimEnd, trimStart } from './python/whitespace.ts';
import { syntaxFailure } from './syntax-error.ts';

/** nunjucks' token, and where it stands in the text. */
export interface Token extends NunjucksToken {
  readonly start: number;
  readonly end: number;
  readonly block?: TextBlock;
}

/** Names of nunjucks' token types, and `text-block`, ours. */
export const TOKEN = {
  string: 'string',
  data: 'data',
  blockStart: 'block-start',
  blockEnd: 'block-end',
  variableStart: 'variable-start',
  variableEnd: 'variable-end',
  leftParen: 'left-paren',
  rightParen: 'right-paren',
  leftBracket: 'left-bracket',
  rightBracket: 'right-bracket',
  leftCurly: 'left-curly',
  rightCurly: 'right-curly',
  operator: 'operator',
  comma: 'comma',
  colon: 'colon',
  tilde: 'tilde',
  pipe: 'pipe',
  int: 'int',
  float: 'float',
  symbol: 'symbol',
  textBlock: 'text-block',
} as const;

const DELIMITERS: Readonly<Record<string, string>> = {
  '(': TOKEN.leftParen,
  ')': TOKEN.rightParen,
  '[': TOKEN.leftBracket,
  ']': TOKEN.rightBracket,
  '{': TOKEN.leftCurly,
  '}': TOKEN.rightCurly,
  ',': TOKEN.comma,
  ':': TOKEN.colon,
  '~': TOKEN.tilde,
  '|': TOKEN.pipe,
};

const WHITESPACE = /\s*/y;
const ASCII_NAME = /[A-Za-z_]\w*/y;
const NAME = /[\p{ID_Start}_]\p{ID_Continue}*/uy;
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INT = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const STRING = /'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)"/sy;
const OPERATOR = /\/\/|\*\*|==|!=|<=|>=|[-+*/%.<>=]/y;
const RAW_START = /\{%[-+]?\s*(raw|docs|snapshot)(?:\s+(\w+))?\s*([-+]?)%\}/y;

// nunjucks does not export the class, only what makes one.
const BaseTokenizer = lexerModule.lex('').constructor as typeof Tokenizer;

/**
 * nunjucks' tokenizer with Jinja2's rules: it knows nesting of braces (`{{ {'a': {}} }}`), numbers
 * and string escapes of Python, `+` and `-` at tags, and blocks of raw text. It scans with sticky
 * expressions instead of by character, which is most of what parsing costs.
 */
export class JinjaTokenizer extends BaseTokenizer {
  private lineStart: number;
  private depth = 0;
  private closer = '';
  private trimNext = false;
  /** The first line end that `moveTo` has not gone over; found once, however many tags stand before it. */
  private nextNewline: number;

  /** Lines are taken to end in `\n`; `from` is where the text starts in its file. */
  constructor(text: string, from: Position) {
    super(text);
    this.lineno = from.line - 1;
    this.lineStart = 1 - from.column;
    this.nextNewline = text.indexOf('\n');
  }

  override nextToken(): Token | null {
    return this.in_code ? this.codeToken() : this.dataToken();
  }

  private dataToken(): Token | null {
    while (this.index < this.len) {
      const open = this.findTag();
      if (open > this.index) {
        const token = this.textToken(open);
        if (token) return token;
      } else if (this.str[open + 1] === '#') {
        this.skipComment();
      } else {
        this.trimNext = false;
        return this.tagToken();
      }
    }
    return this.endOfFile();
  }

  /** Leaves the place of the end where the parser looks for it. */
  private endOfFile(): null {
    this.colno = this.index - this.lineStart;
    return null;
  }

  private findTag(): number {
    let open = this.str.indexOf('{', this.index);
    while (open >= 0) {
      const next = this.str.charCodeAt(open + 1);
      if (next === 123 || next === 37 || next === 35) return open;
      open = this.str.indexOf('{', open + 1);
    }
    return this.len;
  }

  private textToken(end: number): Token | undefined {
    let start = this.index;
    const whole = this.str.slice(start, end);
    let text = whole;
    if (this.trimNext) {
      text = trimStart(text);
      start += whole.length - text.length;
    }
    this.trimNext = false;
    this.moveTo(start);
    if (this.str[end + 2] === '-') text = trimEnd(text);
    const token = text === '' ? undefined : this.token(TOKEN.data, text, end);
    this.moveTo(end);
    return token;
  }

  private skipComment(): void {
    const end = this.str.indexOf('#}', this.index + 2);
    if (end < 0) this.fail("the comment '{#' is never closed");
    this.trimNext = this.str[end - 1] === '-';
    this.moveTo(end + 2);
  }

  private tagToken(): Token | null {
    const isBlock = this.str[this.index + 1] === '%';
    if (isBlock) {
      RAW_START.lastIndex = this.index;
      const raw = RAW_START.exec(this.str);
      if (raw && (raw[1] === 'raw') === (raw[2] === undefined)) return this.rawToken(raw);
    }
    const modifier = this.str[this.index + 2];
    const width = modifier === '-' || (isBlock && modifier === '+') ? 3 : 2;
    const token = this.token(
      isBlock ? TOKEN.blockStart : TOKEN.variableStart,
      '',
      this.index + width,
    );
    this.index += width;
    this.in_code = true;
    this.depth = 0;
    this.closer = isBlock ? '%}' : '}}';
    return token;
  }

  private rawToken(open: RegExpExecArray): Token | null {
    const [tag, kind, name = '', trimLeft] = open;
    const ending = new RegExp(`\\{%([-+]?)\\s*end${kind}\\s*([-+]?)%\\}`, 'g');
    const textStart = this.index + tag.length;
    ending.lastIndex = textStart;
    const close = ending.exec(this.str);
    if (!close) this.fail(`the block '{% ${kind} %}' is never closed`);
    let text = this.str.slice(textStart, close.index);
    if (close[1] === '-') text = trimEnd(text);
    const blockStart = this.index;
    this.moveTo(trimLeft === '-' ? textStart + text.length - trimStart(text).length : textStart);
    if (trimLeft === '-') text = trimStart(text);
    const end = ending.lastIndex;
    const token =
      kind === 'raw' ? this.token(TOKEN.data, text, end) : this.textBlock(kind, name, text, end);
    this.moveTo(end);
    this.trimNext = close[2] === '-';
    return { ...token, start: blockStart };
  }

  private textBlock(kind: string | undefined, name: string, text: string, end: number): Token {
    const token = this.token(TOKEN.textBlock, name, end);
    const block: TextBlock = {
      kind: kind === 'docs' ? 'docs' : 'snapshot',
      name,
      text,
      line: token.lineno + 1,
      column: token.colno + 1,
    };
    return { ...token, block };
  }

  private codeToken(): Token | null {
    WHITESPACE.lastIndex = this.index;
    WHITESPACE.test(this.str);
    if (WHITESPACE.lastIndex > this.index) this.moveTo(WHITESPACE.lastIndex);
    if (this.index >= this.len) return this.endOfFile();
    return (this.depth === 0 && this.closingToken()) || this.valueToken();
  }

  private closingToken(): Token | undefined {
    const first = this.str[this.index];
    const isTrim = first === '-' || (first === '+' && this.closer === '%}');
    const at = isTrim ? this.index + 1 : this.index;
    if (!this.str.startsWith(this.closer, at)) return undefined;
    const type = this.closer === '%}' ? TOKEN.blockEnd : TOKEN.variableEnd;
    const token = this.token(type, this.closer, at + 2);
    this.index = at + 2;
    this.in_code = false;
    this.trimNext = first === '-';
    return token;
  }

  private valueToken(): Token {
    const first = this.str.charCodeAt(this.index);
    if ((first >= 97 && first <= 122) || (first >= 65 && first <= 90) || first === 95) {
      return this.nameToken();
    }
    if (first === 39 || first === 34) return this.stringToken();
    if (first >= 48 && first <= 57) return this.numberToken();
    const char = this.str[this.index] ?? '';
    const type = DELIMITERS[char];
    if (type !== undefined) return this.delimiterToken(type, char);
    const operator = this.match(OPERATOR);
    if (operator) return this.take(TOKEN.operator, operator[0], operator[0]);
    if (first > 127) return this.nameToken();
    this.fail(`unexpected char '${char}'`);
  }

  private nameToken(): Token {
    let name = this.match(ASCII_NAME)?.[0];
    const next = this.str.charCodeAt(this.index + (name?.length ?? 0));
    if (next > 127) name = this.match(NAME)?.[0];
    if (name === undefined) this.fail(`unexpected char '${this.str[this.index]}'`);
    return this.take(TOKEN.symbol, name, name);
  }

  private stringToken(): Token {
    const found = this.match(STRING);
    if (!found) this.fail('the string is never closed');
    const body = found[1] ?? found[2] ?? '';
    const value = body.includes('\\') ? unescapeString(body) : body;
    if (value === undefined) this.fail('the string has an escape that is no character');
    const token = this.token(TOKEN.string, value, this.index + found[0].length);
    this.moveTo(this.index + found[0].length);
    return token;
  }

  private numberToken(): Token {
    const afterDot = this.str[this.index - 1] === '.';
    const float = afterDot ? null : this.match(FLOAT);
    const text = (float ?? this.match(INT))?.[0] ?? '0';
    if (!float && text.length > MAX_DIGITS) this.fail('the number is too long');
    return this.take(float ? TOKEN.float : TOKEN.int, text.replaceAll('_', ''), text);
  }

  private delimiterToken(type: string, char: string): Token {
    if (char === '(' || char === '[' || char === '{') this.depth += 1;
    else if (char === ')' || char === ']' || char === '}') {
      this.depth -= 1;
      if (this.depth < 0) this.fail(`unexpected '${char}'`);
    }
    return this.take(type, char, char);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    return pattern.exec(this.str);
  }

  private take(type: string, value: string, source: string): Token {
    const token = this.token(type, value, this.index + source.length);
    this.index += source.length;
    return token;
  }

  private token(type: string, value: string, end: number): Token {
    const { index: start, lineno } = this;
    return { type, value, lineno, colno: start - this.lineStart, start, end };
  }

  private moveTo(index: number): void {
    while (this.nextNewline >= 0 && this.nextNewline < index) {
      this.lineno += 1;
      this.lineStart = this.nextNewline + 1;
      this.nextNewline = this.str.indexOf('\n', this.lineStart);
    }
    this.index = index;
  }

  private fail(message: string): never {
    const at = { line: this.lineno + 1, column: this.index - this.lineStart + 1 };
    throw syntaxFailure(message, at);
  }
}
