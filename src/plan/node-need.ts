import { type Excerpt, excerptFlag } from '../core/excerpt.ts';
import { addGrains } from '../core/grain.ts';
import type { Microbatch } from '../core/microbatch.ts';
import type { Node } from '../core/node.ts';
import { type NodeState, stateOf } from '../core/node-state.ts';
import type { Reason } from '../core/plan.ts';
import { asOfNeed } from './as-of-need.ts';
import type { Known } from './changed-dates.ts';
import { changesOf } from './changes.ts';
import { microbatchNeed } from './microbatch.ts';
import { type Decision, type PlanInput, REUSE } from './need.ts';
import type { Version } from './versions.ts';

/** Whether a node is built, from nothing or in part, and why. */
export function needOfNode(node: Node, version: Version, input: PlanInput, known: Known): Decision {
  if (node.microbatch) return microbatchDecision(node, node.microbatch, input);
  if (input.excerpt && (node.asOf || node.model)) return inPartNeed(node, input.excerpt, input);
  const state = stateOf(input.states, node);
  const reasons = rebuildReasons(node, version, state, input);
  if (node.asOf) return asOfNeed(node, node.asOf, state, reasons, input, known);
  if (reasons.length > 0) {
    const replace = !input.exists(node) || !keepsRows(node, reasons);
    return { action: 'build', replace, batches: [], reasons };
  }
  if (!input.reuse) {
    const reason: Reason = { code: 'asked', text: 'nothing is to be reused' };
    return { action: 'build', replace: !node.updatesInPlace, batches: [], reasons: [reason] };
  }
  if (!version.volatile || !keepsItsRows(node)) return REUSE;
  const reason: Reason = { code: 'volatile', text: 'reads what can change unseen' };
  return { action: 'build', replace: !node.updatesInPlace, batches: [], reasons: [reason] };
}

/**
 * Of a part of the inputs no date and no trained model is made. An as_of model that is not there yet is made without
 * rows, so that others can read it; one that is there stays as it is.
 */
function inPartNeed(node: Node, excerpt: Excerpt, input: PlanInput): Decision {
  if (!node.asOf || node.model || input.exists(node)) return REUSE;
  const { begin, grain } = node.asOf;
  const reason: Reason = { code: 'new', text: `${excerptFlag(excerpt)}: its columns alone` };
  const batches = [{ start: begin, end: addGrains(begin, 1, grain) }];
  return { action: 'build', replace: true, batches, reasons: [reason] };
}

/** Also what it wrote to a file, of which the database has only a view. */
const keepsItsRows = ({ storesRows, materialized }: Node): boolean =>
  storesRows || materialized === 'external';

function microbatchDecision(node: Node, settings: Microbatch, input: PlanInput): Decision {
  const { now, window, again } = input.microbatch;
  const model = { settings, exists: input.exists(node), fullRefresh: isRefreshed(node, input) };
  return microbatchNeed({ ...model, window, now }, again?.get(node.id));
}

/** A model's own full_refresh wins over the flag, as in dbt. */
const isRefreshed = ({ config }: Node, { fullRefresh }: PlanInput): boolean =>
  (config['full_refresh'] as boolean | null | undefined) ?? fullRefresh;

/** dbt's incremental models keep their rows when code or inputs change, until a full refresh. */
const keepsRows = (node: Node, reasons: readonly Reason[]): boolean =>
  node.updatesInPlace &&
  reasons.every(({ code }) => code === 'code-changed' || code === 'input-changed');

function rebuildReasons(
  node: Node,
  version: Version,
  state: NodeState | undefined,
  input: PlanInput,
): Reason[] {
  const { exists } = input;
  if (!state) return [{ code: 'new', text: 'never built' }];
  if (isRefreshed(node, input)) return [{ code: 'full-refresh', text: 'asked for' }];
  const changes = changesOf(node, version, state);
  if (changes.length > 0 || exists(node)) return changes;
  return [{ code: 'missing-relation', text: 'its relation is gone' }];
}
