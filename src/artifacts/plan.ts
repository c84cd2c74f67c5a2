import { formatInstant, type Grain } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Manifest, NodeId } from '../core/node.ts';
import type { Dates } from '../core/node-state.ts';
import type { Plan, PlanStep } from '../core/plan.ts';
import { VELO_VERSION } from '../core/versions.ts';
import { type ArtifactContext, isoInstant } from './metadata.ts';

/** Raised when a key changes its meaning or goes away. */
const PLAN_SCHEMA_VERSION = 1;

export interface PlanArtifactInput extends ArtifactContext {
  readonly plan: Plan;
  readonly manifest: Manifest;
}

/**
 * plan.json: what a run does and why. Ranges are half-open, `{ "start": "2024-01-01", "end": "2024-02-01" }`, in dates,
 * or to the minute for hours; durations in seconds. Pure.
 */
export function planArtifact(input: PlanArtifactInput) {
  const { plan, manifest } = input;
  const grainOf = (id: NodeId): Grain => {
    const { asOf, microbatch } = manifest.nodes.get(id) ?? {};
    return asOf?.grain ?? (microbatch?.batchSize === 'hour' ? 'hour' : 'day');
  };
  return {
    metadata: {
      plan_schema_version: PLAN_SCHEMA_VERSION,
      velo_version: VELO_VERSION,
      generated_at: isoInstant(input.generatedAt),
      invocation_id: input.invocationId,
    },
    as_of_end: isoInstant(plan.asOfEnd),
    steps: plan.steps.map((step) => stepEntry(step, plan, grainOf(step.node))),
    late_rows: Object.fromEntries([...plan.measured].map(([id, dates]) => [id, datesEntry(dates)])),
    left_stale: Object.fromEntries(
      [...plan.leftStale].map(([id, ranges]) => [
        id,
        ranges.map((range) => rangeEntry(range, grainOf(id))),
      ]),
    ),
  };
}

function stepEntry(step: PlanStep, { versions }: Plan, grain: Grain) {
  const { asOf, estimate } = step;
  const ranges = (some: readonly Interval[]) => some.map((range) => rangeEntry(range, grain));
  return {
    unique_id: step.node,
    action: step.action,
    replace: step.replace,
    reasons: step.reasons,
    batches: ranges(step.batches),
    strategy: asOf?.strategy ?? null,
    strategy_reason: asOf?.strategyWhy ?? null,
    keeps: asOf?.keeps ? ranges(asOf.keeps) : null,
    estimate: estimate
      ? {
          rows: estimate.rows ?? null,
          execution_time:
            estimate.durationMs === undefined ? null : Math.round(estimate.durationMs) / 1000,
        }
      : null,
    depends_on: step.after,
    tests: step.checks,
    version: versions.get(step.node)?.version ?? null,
  };
}

const datesEntry = (dates: Dates) =>
  dates === 'all' ? 'all' : dates.map((range) => rangeEntry(range, 'day'));

const rangeEntry = ({ start, end }: Interval, grain: Grain) => ({
  start: formatInstant(start, grain),
  end: formatInstant(end, grain),
});
