import type { Interval } from '../core/interval.ts';
import { addBatches, floorToBatch, type Microbatch } from '../core/microbatch.ts';
import type { NodeId } from '../core/node.ts';
import type { Reason } from '../core/plan.ts';
import type { Decision } from './need.ts';

/** What decides the batches of all microbatch models of a plan. */
export interface MicrobatchInput {
  /** Epoch milliseconds. */
  readonly now: number;
  /** `--event-time-start` and `--event-time-end`. */
  readonly window?: Interval | undefined;
  /** For `velo retry`: what a model's last run left undone, and what it did. */
  readonly again?: ReadonlyMap<NodeId, BatchesAgain> | undefined;
}

/** The batches of a run that ended, by what became of them. */
export interface BatchesAgain {
  readonly successful: readonly Interval[];
  readonly failed: readonly Interval[];
}

/** A model as it stands, for the choice of its batches. */
export interface MicrobatchModel {
  readonly settings: Microbatch;
  /** Its table is there. */
  readonly exists: boolean;
  readonly fullRefresh: boolean;
  readonly window: Interval | undefined;
  readonly now: number;
}

/**
 * dbt's rule, without memory of what was built: from `begin` when the table is made anew, else from `lookback` batches
 * before the current one; a window takes the place of both ends. Whole batches, oldest first; one without any rows when the first has not begun yet.
 */
export function microbatches(model: MicrobatchModel): Interval[] {
  const { settings, window, now } = model;
  const { batchSize } = settings;
  const end = ceilToBatch(window?.end ?? now, settings);
  const start = floorToBatch(startOf(model, end), batchSize);
  if (start >= end) return [{ start, end: start }];
  const batches: Interval[] = [];
  for (let next = start; next < end; ) {
    const after = addBatches(next, 1, batchSize);
    batches.push({ start: next, end: after });
    next = after;
  }
  return batches;
}

function startOf({ settings, exists, fullRefresh, window }: MicrobatchModel, end: number): number {
  if (window) return window.start;
  if (!exists || fullRefresh) return settings.begin;
  return addBatches(end, -(settings.lookback + 1), settings.batchSize);
}

/** The end of the batch that holds an instant; an instant between two batches ends the first. */
function ceilToBatch(instantMs: number, { batchSize }: Microbatch): number {
  const start = floorToBatch(instantMs, batchSize);
  return start === instantMs ? start : addBatches(start, 1, batchSize);
}

/** What is done about a microbatch model: something on every run, as dbt does. */
export function microbatchNeed(model: MicrobatchModel, again: BatchesAgain | undefined): Decision {
  const batches = again ? again.failed : microbatches(model);
  const batchesBefore = again?.successful;
  // What a run has done before it failed is kept, though it had been asked to begin anew.
  const keeps = model.exists && (!model.fullRefresh || (batchesBefore ?? []).length > 0);
  const reason = again ? AGAIN : reasonOf(model);
  return { action: 'build', replace: !keeps, batches, batchesBefore, reasons: [reason] };
}

const AGAIN: Reason = { code: 'asked', text: 'batches the last run left undone' };

function reasonOf({ exists, fullRefresh, window }: MicrobatchModel): Reason {
  if (fullRefresh) return { code: 'full-refresh', text: 'asked for' };
  if (!exists) return { code: 'new', text: 'its table is not there' };
  if (window) return { code: 'asked', text: 'a window of event time' };
  return { code: 'lookback', text: 'the current batch and those before it' };
}
