import type { Node } from '../core/node.ts';
import type { NodeState } from '../core/node-state.ts';
import type { Estimate } from '../core/plan.ts';
import { grainsOf, rowsPerGrain } from './batching.ts';
import type { Decision } from './need.ts';

/** What a step will come to if it goes as the last one did; undefined before the first. */
export function estimateOf(
  node: Node,
  { action, batches }: Pick<Decision, 'action' | 'batches'>,
  state: NodeState | undefined,
): Estimate | undefined {
  if (!state || action === 'reuse' || node.check) return undefined;
  const { durationMs } = state;
  if (!node.asOf) return { rows: state.rows, durationMs };
  const perGrain = rowsPerGrain(node.asOf, state);
  if (perGrain === undefined) return { rows: undefined, durationMs: undefined };
  const rows = Math.round(perGrain * grainsOf(batches, node.asOf.grain));
  // Part of a statement's time is the same however few rows it writes: less work is no less than the last time.
  const share = state.rows === undefined || state.rows === 0 ? 1 : rows / state.rows;
  return { rows, durationMs: Math.round(durationMs * Math.max(1, share)) };
}
