import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { LedgerEntry } from '../core/node-state.ts';
import type { Judging, Plan } from '../core/plan.ts';
import type { CheckOutcome } from '../nodes/check-outcome.ts';

/** What a test looked at: the dates of an as_of node, or all rows. */
export interface Looked {
  /** The dates; empty when rows are not told apart by date. */
  readonly ranges: readonly Interval[];
  /** It looked at all rows there are, so what it looked at before is out of date. */
  readonly all: boolean;
}

/** What a test that judges dates of several nodes has looked at. */
export const judgedBy = ({ dates, holds }: Judging): Looked =>
  dates ? { ranges: [dates], all: false } : { ranges: holds, all: true };

/** Ledger entries of the tests that passed, so that they need not run again on the same rows. */
export function passedEntries(
  outcomes: readonly CheckOutcome[],
  looked: (test: Node) => Looked,
  plan: Plan,
  seenOf: (node: NodeId) => number,
): LedgerEntry[] {
  return outcomes
    .filter(({ status }) => status === 'pass')
    .flatMap(({ node }) => {
      const { ranges, all } = looked(node);
      const intervals = ranges.length > 0 ? ranges : [undefined];
      return intervals.map((range, index) => ({
        kind: 'finished' as const,
        node: node.id,
        place: node.place,
        version: rowVersion(plan, node).version,
        // What has changed since is told of nodes only; tests are many, and short entries are cheap.
        fingerprint: {},
        inputs: {},
        seen: seenBy(node, plan, seenOf),
        epoch: '',
        replaces: all && index === 0,
        range,
        rows: undefined,
        totalRows: undefined,
        durationMs: 0,
      }));
    });
}

/** A test that judges dates alone need not look again at those that were not written since. */
function seenBy(
  { id, check }: Node,
  { judging }: Plan,
  seenOf: (node: NodeId) => number,
): Record<string, number> {
  const attached = check?.judgesDatesAlone && check.attachedTo ? [check.attachedTo] : [];
  const judged = judging.get(id)?.nodes ?? attached;
  return Object.fromEntries(judged.map((node) => [node, seenOf(node)]));
}

/** The version the plan has for a node's rows. */
export function rowVersion({ versions }: Plan, { id }: Node) {
  const found = versions.get(id);
  if (!found) throw new Error(`the plan has no version for ${id}`);
  return { version: found.version, inputs: found.inputs };
}
