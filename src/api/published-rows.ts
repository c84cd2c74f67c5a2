import type { AsOf } from '../core/as-of.ts';
import { VeloError, VeloErrors } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import { subtractIntervals } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import { stateOf } from '../core/node-state.ts';
import type { Reason } from '../core/plan.ts';
import type { Relation } from '../core/relation.ts';
import type { LoadedProject } from './load-project.ts';
import { planFor } from './plan-for.ts';
import type { WarehouseSession } from './warehouse-session.ts';

/** The rows of an as_of model that stand in the warehouse and should be those that a build would make now. */
export interface PublishedRows {
  readonly relation: Relation;
  /** The dates that are finished and up to date. */
  readonly ranges: readonly Interval[];
}

/**
 * What is published of a model up to `end`, or in a few words why it cannot be compared with rows that are built now
 * from its inputs as they stand. @throws DatabaseError
 */
export async function publishedRows(
  node: Node,
  { onChange }: AsOf,
  end: number,
  project: LoadedProject,
  session: WarehouseSession,
): Promise<PublishedRows | string> {
  const state = stateOf(session.states, node);
  if (!state || !node.relation) return 'it was never built';
  if (onChange === 'forward_only') return 'on_change: forward_only keeps rows of older code';
  const asked = {
    selection: new Set([node.id]),
    asOfEnd: end,
    asOfStart: undefined,
    restate: undefined,
    microbatch: { now: project.startedAt, window: undefined, again: undefined },
  };
  const plan = await planFor(project, session, asked, { command: 'run' }).catch(
    (error: unknown) => {
      if (isRefused(error)) return undefined;
      throw error;
    },
  );
  if (!plan) return 'it is out of date (code changed)';
  const step = plan.steps.find((one) => one.node === node.id);
  const due = step?.action === 'build' ? step : undefined;
  if (due?.replace) return `it is out of date (${due.reasons.map(reasonText).join('; ')})`;
  const ranges = state.ranges.flatMap((range) => subtractIntervals(range, due?.batches ?? []));
  return { relation: node.relation, ranges };
}

/** `on_change: fail`: the model may not be built as it is now. */
const isRefused = (error: unknown): boolean =>
  (error instanceof VeloErrors ? error.errors : [error]).every(
    (one) => one instanceof VeloError && one.code === 'on-change-fail',
  );

const reasonText = ({ code, text }: Reason): string =>
  code.endsWith('-changed') ? `${code.replace('-', ' ')}: ${text}` : text;
