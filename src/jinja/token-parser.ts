import type { NunjucksToken } from 'nunjucks/src/lexer.js';
import parserModule from 'nunjucks/src/parser.js';
import { TOKEN, type Token } from './lexer.ts';
import type { BinaryOperator, Position } from './nodes.ts';
import { syntaxFailure } from './syntax-error.ts';

/** nunjucks' parser as a reader of tokens, with errors that know their place. */
export class TokenParser extends parserModule.Parser {
  /** The token after `peeked`: nunjucks can take back only one. */
  protected waiting: NunjucksToken | null = null;

  override nextToken(): NunjucksToken | null {
    const token = this.peeked ?? this.waiting;
    if (this.peeked) this.peeked = null;
    else if (this.waiting) this.waiting = null;
    return token ?? this.tokens.nextToken();
  }

  protected operator(...operators: readonly string[]): BinaryOperator | undefined {
    const token = this.peekToken();
    if (token?.type !== TOKEN.operator || !operators.includes(token.value)) return undefined;
    this.nextToken();
    return token.value as BinaryOperator;
  }

  protected expectName(): string {
    return this.expectType(TOKEN.symbol, 'a name').value;
  }

  protected expectType(type: string, shown: string): NunjucksToken {
    const token = this.peekToken();
    if (token?.type !== type) this.failHere(`expected ${shown}, got ${describe(token)}`);
    this.nextToken();
    return token;
  }

  protected here(): Position {
    const token = this.peekToken();
    return token
      ? position(token)
      : { line: this.tokens.lineno + 1, column: this.tokens.colno + 1 };
  }

  protected failHere(message: string, hint?: string): never {
    throw syntaxFailure(message, this.here(), hint);
  }
}

export function position(token: NunjucksToken | Token): Position {
  return { line: token.lineno + 1, column: token.colno + 1 };
}

export function place(node: Position): Position {
  return { line: node.line, column: node.column };
}

export function describe(token: NunjucksToken | null | undefined): string {
  if (!token) return 'the end of the file';
  if (token.type === TOKEN.blockEnd) return "'%}'";
  if (token.type === TOKEN.variableEnd) return "'}}'";
  return token.value === '' ? token.type : `'${token.value}'`;
}
