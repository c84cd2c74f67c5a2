import { TOKEN } from './lexer.ts';
import type { CompareOperator, Expression } from './nodes.ts';
import { PrimaryParser } from './primary-parser.ts';
import { place } from './token-parser.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** The expression half of the parser: Jinja2's grammar on nunjucks' token stream. */
export class ExpressionParser extends PrimaryParser {
  override parseExpression(): Expression {
    let node = this.parseOr();
    while (this.skipSymbol('if')) {
      const condition = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : undefined;
      node = { kind: 'conditional', condition, value: node, otherwise, ...place(node) };
    }
    return node;
  }

  /** An expression, or a tuple of several with commas between. */
  override parseTuple(parenthesised = false): Expression {
    const at = this.here();
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.atTupleEnd()) {
      items.push(this.parseExpression());
      if (!this.skip(TOKEN.comma)) break;
      isTuple = true;
    }
    const [only] = items;
    if (!isTuple && only) return only;
    if (!isTuple && !parenthesised) this.failHere('expected an expression');
    return { kind: 'tuple', items, ...at };
  }

  private atTupleEnd(): boolean {
    const type = this.peekToken()?.type;
    return type === TOKEN.variableEnd || type === TOKEN.blockEnd || type === TOKEN.rightParen;
  }

  parseOr(): Expression {
    let left = this.parseAnd();
    while (this.skipSymbol('or')) {
      left = { kind: 'or', left, right: this.parseAnd(), ...place(left) };
    }
    return left;
  }

  private parseAnd(): Expression {
    let left = this.parseNot();
    while (this.skipSymbol('and')) {
      left = { kind: 'and', left, right: this.parseNot(), ...place(left) };
    }
    return left;
  }

  private parseNot(): Expression {
    const at = this.here();
    if (!this.skipSymbol('not')) return this.parseCompare();
    return { kind: 'unary', operator: 'not', operand: this.parseNot(), ...at };
  }

  private parseCompare(): Expression {
    const left = this.parseSum();
    const rest: { operator: CompareOperator; right: Expression }[] = [];
    for (;;) {
      const operator = this.comparison();
      if (operator === undefined) break;
      rest.push({ operator, right: this.parseSum() });
    }
    return rest.length === 0 ? left : { kind: 'compare', left, rest, ...place(left) };
  }

  private comparison(): CompareOperator | undefined {
    const token = this.peekToken();
    if (token?.type === TOKEN.operator && COMPARISONS.has(token.value)) {
      this.nextToken();
      return token.value as CompareOperator;
    }
    if (this.skipSymbol('in')) return 'in';
    if (!this.skipSymbol('not')) return undefined;
    if (!this.skipSymbol('in')) this.failHere("expected 'in' after 'not'");
    return 'not in';
  }

  private parseSum(): Expression {
    return this.parseBinary('+', '-', () => this.parseConcat());
  }

  private parseConcat(): Expression {
    const first = this.parseProduct();
    if (this.peekToken()?.type !== TOKEN.tilde) return first;
    const parts = [first];
    while (this.skip(TOKEN.tilde)) parts.push(this.parseProduct());
    return { kind: 'concat', parts, ...place(first) };
  }

  private parseProduct(): Expression {
    let left = this.parsePower();
    for (;;) {
      const operator = this.operator('*', '/', '//', '%');
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: this.parsePower(), ...place(left) };
    }
  }

  /** `**` groups to the left, as in Jinja2 and unlike in Python. */
  private parsePower(): Expression {
    return this.parseBinary('**', '**', () => this.parseUnary(true));
  }

  private parseBinary(a: string, b: string, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = this.operator(a, b);
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: operand(), ...place(left) };
    }
  }

  private parseUnary(withFilters: boolean): Expression {
    const at = this.here();
    const sign = this.operator('-', '+');
    const node: Expression =
      sign === '-' || sign === '+'
        ? { kind: 'unary', operator: sign, operand: this.parseUnary(false), ...at }
        : this.parsePrimary();
    const whole = this.parsePostfix(node);
    return withFilters ? this.parseFilters(whole) : whole;
  }
}
