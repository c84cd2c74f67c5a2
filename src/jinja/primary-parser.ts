import type { NunjucksToken } from 'nunjucks/src/lexer.js';
import { TOKEN } from './lexer.ts';
import type { Arguments, Expression, NamedArgument, Position } from './nodes.ts';
import { floatValue, intValue } from './python/numbers.ts';
import { syntaxFailure } from './syntax-error.ts';
import { describe, place, position, TokenParser } from './token-parser.ts';

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const AFTER_TEST_NAME: ReadonlySet<string> = new Set([
  TOKEN.symbol,
  TOKEN.string,
  TOKEN.int,
  TOKEN.float,
  TOKEN.leftParen,
  TOKEN.leftBracket,
  TOKEN.leftCurly,
]);
const NOT_AN_ARGUMENT: ReadonlySet<string> = new Set(['else', 'or', 'and']);

interface ArgumentsBuilder {
  readonly positional: Expression[];
  readonly named: NamedArgument[];
  spread: Expression | undefined;
  spreadNamed: Expression | undefined;
}

const NO_ARGUMENTS: Arguments = {
  positional: [],
  named: [],
  spread: undefined,
  spreadNamed: undefined,
};

/** Literals, names, and what follows them: attributes, items, calls, filters and tests. */
export abstract class PrimaryParser extends TokenParser {
  /** Dotted names looked up so far; a macro has its own set while it is parsed. */
  protected names = new Set<string>();

  abstract parseExpression(): Expression;
  abstract parseTuple(parenthesised?: boolean): Expression;

  protected parsePrimary(): Expression {
    const token = this.nextToken();
    if (!token) this.failHere('expected an expression, got the end of the file');
    const at = position(token);
    switch (token.type) {
      case TOKEN.symbol:
        return this.nameOrConstant(token.value, at);
      case TOKEN.string:
        return { kind: 'literal', value: this.joinedStrings(token.value), ...at };
      case TOKEN.int:
        return { kind: 'literal', value: intValue(token.value), ...at };
      case TOKEN.float:
        return { kind: 'literal', value: floatValue(Number(token.value)), ...at };
      case TOKEN.leftParen:
        return this.parseParenthesised();
      case TOKEN.leftBracket:
        return { kind: 'list', items: this.parseItems(), ...at };
      case TOKEN.leftCurly:
        return { kind: 'dict', entries: this.parseEntries(), ...at };
      default:
        throw syntaxFailure(`unexpected ${describe(token)}`, at);
    }
  }

  private nameOrConstant(name: string, at: Position): Expression {
    if (CONSTANTS.has(name)) return { kind: 'literal', value: CONSTANTS.get(name), ...at };
    this.names.add(name);
    return { kind: 'name', name, ...at };
  }

  private joinedStrings(first: string): string {
    let text = first;
    while (this.peekToken()?.type === TOKEN.string) text += this.nextToken()?.value ?? '';
    return text;
  }

  private parseParenthesised(): Expression {
    const node = this.parseTuple(true);
    this.expectType(TOKEN.rightParen, ')');
    return node;
  }

  private parseItems(): Expression[] {
    const items: Expression[] = [];
    while (!this.skip(TOKEN.rightBracket)) {
      if (items.length > 0) this.expectType(TOKEN.comma, ',');
      if (this.skip(TOKEN.rightBracket)) break;
      items.push(this.parseExpression());
    }
    return items;
  }

  private parseEntries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.skip(TOKEN.rightCurly)) {
      if (entries.length > 0) this.expectType(TOKEN.comma, ',');
      if (this.skip(TOKEN.rightCurly)) break;
      const key = this.parseExpression();
      this.expectType(TOKEN.colon, ':');
      entries.push([key, this.parseExpression()]);
    }
    return entries;
  }

  protected parsePostfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      const token = this.peekToken();
      if (token?.type === TOKEN.leftParen) node = this.parseCall(node);
      else if (token?.type === TOKEN.leftBracket) node = this.parseSubscript(node);
      else if (token?.type === TOKEN.operator && token.value === '.')
        node = this.parseAttribute(node);
      else return node;
    }
  }

  private parseAttribute(target: Expression): Expression {
    this.nextToken();
    const token = this.nextToken();
    if (!token) this.failHere('expected a name after the dot');
    const at = position(token);
    if (token.type === TOKEN.int) {
      const key: Expression = { kind: 'literal', value: intValue(token.value), ...at };
      return { kind: 'item', target, key, ...at };
    }
    if (token.type !== TOKEN.symbol) throw syntaxFailure('expected a name after the dot', at);
    const node: Expression = { kind: 'attribute', target, name: token.value, ...place(target) };
    const path = dottedName(node);
    if (path !== undefined) this.names.add(path);
    return node;
  }

  private parseSubscript(target: Expression): Expression {
    const at = this.here();
    this.nextToken();
    const start = this.peekToken()?.type === TOKEN.colon ? undefined : this.parseTupleKey();
    if (start && this.skip(TOKEN.rightBracket)) return { kind: 'item', target, key: start, ...at };
    this.expectType(TOKEN.colon, ']');
    const stop = this.sliceBound();
    const step = this.skip(TOKEN.colon) ? this.sliceBound() : undefined;
    this.expectType(TOKEN.rightBracket, ']');
    return { kind: 'slice', target, start, stop, step, ...at };
  }

  private parseTupleKey(): Expression {
    const first = this.parseExpression();
    if (this.peekToken()?.type !== TOKEN.comma) return first;
    const items = [first];
    while (this.skip(TOKEN.comma)) items.push(this.parseExpression());
    return { kind: 'tuple', items, ...place(first) };
  }

  private sliceBound(): Expression | undefined {
    const type = this.peekToken()?.type;
    const isAbsent = type === TOKEN.colon || type === TOKEN.rightBracket;
    return isAbsent ? undefined : this.parseExpression();
  }

  private parseCall(callee: Expression): Expression {
    return { kind: 'call', callee, args: this.parseArguments(), ...place(callee) };
  }

  protected parseArguments(): Arguments {
    const open = this.here();
    this.expectType(TOKEN.leftParen, '(');
    const args: ArgumentsBuilder = {
      positional: [],
      named: [],
      spread: undefined,
      spreadNamed: undefined,
    };
    for (let count = 0; !this.skip(TOKEN.rightParen); count += 1) {
      if (count > 0) this.expectType(TOKEN.comma, ',');
      if (this.skip(TOKEN.rightParen)) break;
      if (!this.addArgument(args)) {
        throw syntaxFailure('invalid syntax for function call expression', open);
      }
    }
    return args;
  }

  /** False when the argument may not follow those before it. */
  private addArgument(args: ArgumentsBuilder): boolean {
    const sign = this.operator('*', '**');
    if (args.spreadNamed || (sign === '*' && args.spread)) return false;
    if (sign === '*') args.spread = this.parseExpression();
    else if (sign === '**') args.spreadNamed = this.parseExpression();
    else {
      const argument = this.parseArgument();
      if (!('kind' in argument)) args.named.push(argument);
      else if (args.spread || args.named.length > 0) return false;
      else args.positional.push(argument);
    }
    return true;
  }

  private parseArgument(): Expression | NamedArgument {
    const token = this.peekToken();
    if (token?.type !== TOKEN.symbol) return this.parseExpression();
    const at = this.here();
    this.nextToken();
    if (this.skipValue(TOKEN.operator, '=')) {
      return { name: token.value, value: this.parseExpression(), ...at };
    }
    return this.parseExpressionFrom(token);
  }

  /** nunjucks' stream takes only one token back, and the one after `first` is already read. */
  private parseExpressionFrom(first: NunjucksToken): Expression {
    this.waiting = this.peekToken();
    this.peeked = first;
    return this.parseExpression();
  }

  protected parseFilters(start: Expression): Expression {
    let node = start;
    for (;;) {
      const token = this.peekToken();
      if (token?.type === TOKEN.pipe) {
        this.nextToken();
        node = this.parseFilter(node);
      } else if (token?.type === TOKEN.symbol && token.value === 'is') node = this.parseTest(node);
      else if (token?.type === TOKEN.leftParen) node = this.parseCall(node);
      else return node;
    }
  }

  /** A filter's name and arguments; the bar is already read. */
  protected parseFilter<T extends Expression | undefined>(target: T) {
    const at = this.here();
    const name = this.parseDottedName();
    return { kind: 'filter' as const, target, name, args: this.optionalArguments(), ...at };
  }

  private parseTest(target: Expression): Expression {
    const at = this.here();
    this.nextToken();
    const negated = this.skipSymbol('not');
    const name = this.parseDottedName();
    const args = this.testArguments();
    const test: Expression = { kind: 'test', target, name, args, ...at };
    return negated ? { kind: 'unary', operator: 'not', operand: test, ...at } : test;
  }

  private testArguments(): Arguments {
    const token = this.peekToken();
    if (!token || token.type === TOKEN.leftParen) return this.optionalArguments();
    const isArgument =
      AFTER_TEST_NAME.has(token.type) &&
      !(token.type === TOKEN.symbol && NOT_AN_ARGUMENT.has(token.value));
    if (!isArgument) return NO_ARGUMENTS;
    if (token.type === TOKEN.symbol && token.value === 'is') {
      this.failHere('You cannot chain multiple tests with is');
    }
    return { ...NO_ARGUMENTS, positional: [this.parsePostfix(this.parsePrimary())] };
  }

  private optionalArguments(): Arguments {
    return this.peekToken()?.type === TOKEN.leftParen ? this.parseArguments() : NO_ARGUMENTS;
  }

  private parseDottedName(): string {
    let name = this.expectName();
    while (this.skipValue(TOKEN.operator, '.')) name += `.${this.expectName()}`;
    return name;
  }
}

/** `a.b.c` of a name or of attributes of one; undefined for other expressions. */
function dottedName(node: Expression): string | undefined {
  if (node.kind === 'name') return node.name;
  if (node.kind !== 'attribute') return undefined;
  const target = dottedName(node.target);
  return target === undefined ? undefined : `${target}.${node.name}`;
}
