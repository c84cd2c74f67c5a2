import type { ModelReport } from '../core/model-version.ts';
import type { GateResult } from '../gates/judge-gates.ts';
import { type Gate, readGates } from '../gates/read-gates.ts';
import type { Judgement } from './judge-model.ts';
import type { Yardstick } from './yardstick.ts';

/** The rules of a train node's `gate`, about what is measured of its target. @throws ConfigError 'invalid-config' */
export const gatesOf = (spec: unknown, { kind, metrics }: Yardstick): readonly Gate[] =>
  readGates(spec, {
    metrics: metrics.map(({ name }) => name),
    models: kind === 'chance' ? ['prior', 'market', 'champion'] : ['prior', 'champion'],
  });

/** Whether each rule held, in words. */
export const judgeGate = (gates: readonly Gate[], judgement: Judgement): ModelReport['gate'] =>
  gates.map((gate) => ({ rule: gate.text, ...outcomeOf(judgement.judge(gate)) }));

function outcomeOf({ status, estimate, reasons }: GateResult) {
  const figures = [estimate.value, estimate.lower, estimate.upper].map((one) => one.toFixed(4));
  const [value = '', lower = '', upper = ''] = figures;
  return {
    passed: status !== 'failed',
    found: status === 'passed' ? `${value} [${lower}, ${upper}]` : reasons.join(', '),
  };
}
