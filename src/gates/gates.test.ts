import { describe, expect, it } from 'vitest';
import { estimate, type Sample } from '../metrics/bootstrap.ts';
import { evaluateExpression, parseExpression } from './expression.ts';
import { judgeGates } from './judge-gates.ts';
import { readGates } from './read-gates.ts';

const names = {
  metrics: ['log_loss', 'brier', 'within_race_auc', 'top_pick'],
  models: ['prior', 'market', 'champion'],
};
const sample = (value: number, ...draws: readonly number[]): Sample => ({
  value,
  draws: Float64Array.from(draws),
});
const evaluation = new Map([
  [
    'model',
    new Map([
      ['log_loss', sample(0.25, 0.24, 0.25, 0.26)],
      ['within_race_auc', sample(0.7, 0.68, 0.7, 0.72)],
    ]),
  ],
  // Draw by draw .03, .02 and .01 worse: the intervals overlap, the difference is below 0.
  ['prior', new Map([['log_loss', sample(0.27, 0.27, 0.27, 0.27)]])],
  [
    'market',
    new Map([
      ['log_loss', sample(0.24, 0.23, 0.24, 0.25)],
      ['within_race_auc', sample(Number.NaN, Number.NaN)],
    ]),
  ],
]);
const judge = (spec: unknown) =>
  judgeGates(readGates(spec, names), evaluation, 'model', { optional: ['champion'], level: 1 });

describe('an expression', () => {
  const values: Readonly<Record<string, number>> = { a: 2, b: 3, 'm.a': 5 };
  const value = (text: string): number =>
    evaluateExpression(parseExpression(text), (model, metric) =>
      sample(values[model ? `${model}.${metric}` : metric] ?? Number.NaN),
    ).value;

  it.each([
    ['a', 2],
    ['m.a - a', 3],
    ['1 + 2 * b', 7],
    ['(1 + 2) * b', 9],
    ['10 - a - b', 5],
    ['12 / a / b', 2],
    ['-a + b', 1],
    ['-(a - b) * -2', -2],
    ['1.5e1 + 0.5', 15.5],
    ['  a  ', 2],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('takes differences draw by draw', () => {
    const difference = evaluateExpression(
      parseExpression('log_loss - prior.log_loss'),
      (model, metric) => evaluation.get(model ?? 'model')?.get(metric) ?? sample(Number.NaN),
    );
    const { value: middle, lower, upper } = estimate(difference, 1);
    expect([middle, lower, upper]).toEqual(
      [-0.02, -0.03, -0.01].map((end) => expect.closeTo(end, 12)),
    );
  });
});

describe('a gate', () => {
  it.each([
    [{ 'log_loss - prior.log_loss': { upper: '< 0' } }, 'passed', []],
    [
      { 'log_loss - prior.log_loss': { upper: '< -0.02' } },
      'failed',
      ['upper end of log_loss - prior.log_loss is -0.01, not < -0.02'],
    ],
    [{ within_race_auc: { min: 0.7 } }, 'passed', []],
    [
      { within_race_auc: { min: 0.65, lower: '>= 0.69' } },
      'failed',
      ['lower end of within_race_auc is 0.68, not >= 0.69'],
    ],
    [{ log_loss: { max: 0.2, value: '<= 0.25' } }, 'failed', ['log_loss is 0.25, not <= 0.2']],
    [{ 'log_loss / prior.log_loss': { value: '< 1' } }, 'passed', []],
    [
      { 'log_loss - champion.log_loss': { upper: '< 0.001' } },
      'skipped',
      ['there is no champion yet'],
    ],
    [
      { 'top_pick - prior.top_pick': { lower: '> 0' } },
      'failed',
      ['model.top_pick was not measured'],
    ],
    [{ 'market.within_race_auc': { min: 0 } }, 'failed', ['market.within_race_auc has no value']],
  ])('%j: %s', (spec, status, reasons) => {
    expect(judge(spec)).toEqual([expect.objectContaining({ status, reasons })]);
  });

  it.each([
    ['log_loss < 0.3', 'gate must be a mapping of expressions to conditions, not "log_loss < 0.3"'],
    [
      { 'log_los - prior.log_loss': { upper: '< 0' } },
      "gate 'log_los - prior.log_loss': unknown metric 'log_los'",
    ],
    [
      { 'log_loss - pior.log_loss': { upper: '< 0' } },
      "gate 'log_loss - pior.log_loss': unknown model 'pior'",
    ],
    [
      { 'log_loss -': { upper: '< 0' } },
      "gate 'log_loss -': a metric or a number is expected, not the end at column 11",
    ],
    [{ '(log_loss': { max: 1 } }, "gate '(log_loss': ')' is expected, not the end at column 10"],
    [
      { 'log_loss brier': { max: 1 } },
      "gate 'log_loss brier': an operator or the end is expected, not 'brier' at column 10",
    ],
    [{ 'log_loss & 1': { max: 1 } }, "gate 'log_loss & 1': '&' has no meaning at column 9"],
    [{ 'log_loss + .5': { max: 1 } }, "gate 'log_loss + .5': '.' has no meaning at column 11"],
    [{ '1 + 1': { max: 1 } }, "gate '1 + 1' names no metric"],
    [{ log_loss: {} }, "gate 'log_loss' has no condition"],
    [{ log_loss: 0.3 }, "gate 'log_loss' has no condition"],
    [{ log_loss: { uper: '< 0' } }, "gate 'log_loss': unknown condition 'uper'"],
    [{ log_loss: { upper: 0 } }, "gate 'log_loss': upper must be a comparison, not 0"],
    [
      { log_loss: { upper: '< many' } },
      `gate 'log_loss': upper must be a comparison, not "< many"`,
    ],
    [{ log_loss: { min: '0.5' } }, `gate 'log_loss': min must be a number, not "0.5"`],
  ])('is refused: %j', (spec, message) => {
    expect(() => readGates(spec, names)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message }),
    );
  });
});
