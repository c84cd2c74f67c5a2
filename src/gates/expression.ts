import type { Sample } from '../metrics/bootstrap.ts';

/** Arithmetic over metrics: `log_loss - prior.log_loss`. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'metric'; readonly model: string | undefined; readonly metric: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    };

/** A text that is no expression; `column` is 1-based. */
export class ExpressionSyntax extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)|([-+*/()]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign';
  readonly column: number;
}

/**
 * Reads numbers, metrics (`brier`, of another model `market.brier`), + − * / and parentheses, with the usual
 * precedence. Raises ExpressionSyntax.
 */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const fail = (wanted: string): never => {
    const token = peek();
    const found = token ? `'${token.text}'` : 'the end';
    throw new ExpressionSyntax(
      `${wanted} is expected, not ${found}`,
      token?.column ?? text.length + 1,
    );
  };
  const isSign = (...signs: readonly string[]): boolean => {
    const token = peek();
    return token?.kind === 'sign' && signs.includes(token.text);
  };
  const chain = (operand: () => Expression, ...operators: readonly string[]): Expression => {
    let left = operand();
    while (isSign(...operators)) {
      const operator = tokens[at++]?.text as '+' | '-' | '*' | '/';
      left = { kind: 'operation', operator, left, right: operand() };
    }
    return left;
  };
  const sum = (): Expression => chain(product, '+', '-');
  const product = (): Expression => chain(factor, '*', '/');
  const factor = (): Expression => {
    if (isSign('-')) {
      at += 1;
      return { kind: 'negative', of: factor() };
    }
    if (isSign('(')) {
      at += 1;
      const inner = sum();
      if (!isSign(')')) fail("')'");
      at += 1;
      return inner;
    }
    const token = peek();
    if (!token || token.kind === 'sign') return fail('a metric or a number');
    at += 1;
    return token.kind === 'number'
      ? { kind: 'number', value: Number(token.text) }
      : metricNamed(token.text);
  };
  const whole = sum();
  if (at < tokens.length) fail('an operator or the end');
  return whole;
}

function metricNamed(text: string): Expression {
  const [first = '', second] = text.split('.');
  return second === undefined
    ? { kind: 'metric', model: undefined, metric: first }
    : { kind: 'metric', model: first, metric: second };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (!match)
      throw new ExpressionSyntax(`'${trimmed.slice(from).trim()[0]}' has no meaning`, from + 1);
    const [whole, number, name] = match;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({
      text: whole.trim(),
      kind,
      column: from + whole.length - whole.trim().length + 1,
    });
  }
  return tokens;
}

/** Every metric an expression names. */
export function metricsIn(expression: Expression): Extract<Expression, { kind: 'metric' }>[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'metric':
      return [expression];
    case 'negative':
      return metricsIn(expression.of);
    case 'operation':
      return [...metricsIn(expression.left), ...metricsIn(expression.right)];
  }
}

const OPERATIONS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
};

/** The expression's value and, draw by draw, its draws: differences are paired. `sampleOf` knows all its metrics. */
export function evaluateExpression(
  expression: Expression,
  sampleOf: (model: string | undefined, metric: string) => Sample,
): Sample {
  const at = (node: Expression, pick: (sample: Sample) => number): number => {
    switch (node.kind) {
      case 'number':
        return node.value;
      case 'metric':
        return pick(sampleOf(node.model, node.metric));
      case 'negative':
        return -at(node.of, pick);
      case 'operation':
        return OPERATIONS[node.operator](at(node.left, pick), at(node.right, pick));
    }
  };
  const draws = metricsIn(expression).map(
    ({ model, metric }) => sampleOf(model, metric).draws.length,
  );
  return {
    value: at(expression, ({ value }) => value),
    draws: Float64Array.from({ length: draws[0] ?? 0 }, (_, draw) =>
      at(expression, (sample) => sample.draws[draw] as number),
    ),
  };
}
