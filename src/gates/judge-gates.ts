import { type Estimate, estimate, type Sample } from '../metrics/bootstrap.ts';
import type { Evaluation } from '../metrics/evaluate.ts';
import { evaluateExpression, metricsIn } from './expression.ts';
import type { Condition, Gate } from './read-gates.ts';

/** What came of a gate. Plain JSON, but for NaN. */
export interface GateResult {
  readonly gate: string;
  /** Skipped: it compares with a model that is not there and need not be, such as a first champion. */
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly estimate: Estimate;
  /** Why it is not passed, for people. */
  readonly reasons: readonly string[];
}

export interface GateOptions {
  /** Of the interval; .95 unless said. */
  readonly level?: number | undefined;
  /** Models without which a gate is skipped instead of failed. */
  readonly optional: readonly string[];
}

const NOTHING: Estimate = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };

/** Judges each gate on the samples of `model` and those it is compared with. A number that is NaN passes nothing. */
export function judgeGates(
  gates: readonly Gate[],
  evaluation: Evaluation,
  model: string,
  options: GateOptions,
): GateResult[] {
  return gates.map((gate) => {
    const absent = metricsIn(gate.expression).find(
      (used) => !evaluation.get(used.model ?? model)?.has(used.metric),
    );
    if (absent) return withoutModel(gate, absent.model ?? model, absent.metric, options);
    const sampleOf = (of: string | undefined, metric: string): Sample =>
      evaluation.get(of ?? model)?.get(metric) as Sample;
    const result = estimate(evaluateExpression(gate.expression, sampleOf), options.level);
    const reasons = gate.conditions.flatMap((condition) => reasonAgainst(gate, condition, result));
    const status = reasons.length === 0 ? 'passed' : 'failed';
    return { gate: gate.text, status, estimate: result, reasons };
  });
}

function withoutModel(
  { text }: Gate,
  model: string,
  metric: string,
  { optional }: GateOptions,
): GateResult {
  const skipped = optional.includes(model);
  const reason = skipped ? `there is no ${model} yet` : `${model}.${metric} was not measured`;
  return {
    gate: text,
    status: skipped ? 'skipped' : 'failed',
    estimate: NOTHING,
    reasons: [reason],
  };
}

const WORDS = { value: '', lower: 'lower end of ', upper: 'upper end of ' };

function reasonAgainst(
  { text }: Gate,
  { of, comparison, limit }: Condition,
  result: Estimate,
): string[] {
  const found = result[of];
  if (holds(found, comparison, limit)) return [];
  const what = `${WORDS[of]}${text}`;
  if (Number.isNaN(found)) return [`${what} has no value`];
  return [`${what} is ${Number(found.toPrecision(4))}, not ${comparison} ${limit}`];
}

function holds(found: number, comparison: Condition['comparison'], limit: number): boolean {
  switch (comparison) {
    case '<':
      return found < limit;
    case '<=':
      return found <= limit;
    case '>':
      return found > limit;
    case '>=':
      return found >= limit;
  }
}
