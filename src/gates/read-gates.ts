import { didYouMean } from '../core/did-you-mean.ts';
import { ConfigError } from '../core/errors.ts';
import { shown } from '../core/schema-issue.ts';
import { type Expression, ExpressionSyntax, metricsIn, parseExpression } from './expression.ts';

type Comparison = '<' | '<=' | '>' | '>=';

/** What a number of a gate must be: its value, or an end of its interval. */
export interface Condition {
  readonly of: 'value' | 'lower' | 'upper';
  readonly comparison: Comparison;
  readonly limit: number;
}

/** `log_loss - prior.log_loss: {upper: '< 0'}`, read. */
export interface Gate {
  readonly text: string;
  readonly expression: Expression;
  readonly conditions: readonly Condition[];
}

/** Names a gate may use. */
export interface GateNames {
  readonly metrics: readonly string[];
  /** Models besides the one that is judged: prior, market, champion. */
  readonly models: readonly string[];
}

const ENDS = ['value', 'lower', 'upper'] as const;
const CONDITIONS = ['min', 'max', ...ENDS];

/**
 * Reads a mapping of expressions to conditions: `min`, `max` (numbers the value may be), `value`, `lower`, `upper` (of the
 * interval), a comparison such as '< 0'. Raises ConfigError invalid-config.
 */
export function readGates(spec: unknown, names: GateNames): Gate[] {
  if (!isMapping(spec)) {
    throw invalid(`gate must be a mapping of expressions to conditions, not ${shown(spec)}`);
  }
  return Object.entries(spec).map(([text, conditions]) => ({
    text,
    expression: expressionOf(text, names),
    conditions: conditionsOf(text, conditions),
  }));
}

function expressionOf(text: string, names: GateNames): Expression {
  const expression = parsed(text);
  const used = metricsIn(expression);
  if (used.length === 0) throw invalid(`gate '${text}' names no metric`);
  for (const { model, metric } of used) {
    checkName(text, 'metric', metric, names.metrics);
    if (model !== undefined) checkName(text, 'model', model, names.models);
  }
  return expression;
}

function parsed(text: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionSyntax)) throw error;
    throw invalid(`gate '${text}': ${error.message} at column ${error.column}`);
  }
}

function checkName(text: string, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw invalid(
    `gate '${text}': unknown ${what} '${name}'`,
    didYouMean(name, known) ?? `known: ${known.join(', ')}`,
  );
}

function conditionsOf(text: string, spec: unknown): Condition[] {
  if (!isMapping(spec) || Object.keys(spec).length === 0) {
    throw invalid(
      `gate '${text}' has no condition`,
      "write one, such as {upper: '< 0'} or {min: 0.65}",
    );
  }
  return Object.entries(spec).map(([key, wanted]) => conditionOf(text, key, wanted));
}

function conditionOf(text: string, key: string, wanted: unknown): Condition {
  if (key === 'min' || key === 'max') {
    if (typeof wanted === 'number' && Number.isFinite(wanted)) {
      return { of: 'value', comparison: key === 'min' ? '>=' : '<=', limit: wanted };
    }
    throw invalid(`gate '${text}': ${key} must be a number, not ${shown(wanted)}`);
  }
  const of = ENDS.find((end) => end === key);
  if (!of) {
    throw invalid(
      `gate '${text}': unknown condition '${key}'`,
      didYouMean(key, CONDITIONS) ?? `known: ${CONDITIONS.join(', ')}`,
    );
  }
  const match = typeof wanted === 'string' && /^\s*(<=?|>=?)\s*(\S+)\s*$/.exec(wanted);
  const limit = match ? Number(match[2]) : Number.NaN;
  if (!match || !Number.isFinite(limit)) {
    throw invalid(
      `gate '${text}': ${key} must be a comparison, not ${shown(wanted)}`,
      "write '< 0'",
    );
  }
  return { of, comparison: match[1] as Comparison, limit };
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (message: string, hint?: string): ConfigError =>
  new ConfigError('invalid-config', message, { hint });
