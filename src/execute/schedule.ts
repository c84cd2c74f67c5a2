import type { NodeId } from '../core/node.ts';
import type { PlanStep } from '../core/plan.ts';
import { createHeap } from './heap.ts';

/** Whether a step went well; `untested`: its rows are there, and a test of them failed. */
export type Verdict = boolean | 'untested';

export interface ScheduleOptions {
  /** In a valid order: each after all it waits for. */
  readonly steps: readonly PlanStep[];
  /** How many steps may run at once, at least 1. */
  readonly limit: number;
  /** How long the node took in the past; undefined when that is not known: the median is assumed. */
  readonly durationMs: (id: NodeId) => number | undefined;
  /**
   * Runs a step in a slot, 1 … limit, and tells whether it went well. Failures of the project are results; to throw is
   * a bug.
   */
  readonly work: (step: PlanStep, thread: number) => Promise<Verdict>;
  /** Whether a step may run after one that stands `untested`: it looks at rows and makes none. */
  readonly onlyLooks?: (step: PlanStep) => boolean;
  /** Called for each step that cannot run because `blocker`, a step that ran, did not go well. */
  readonly skip: (step: PlanStep, blocker: NodeId) => void;
  /** Aborted: nothing more starts. Stopping what runs is up to whoever aborts. */
  readonly signal?: AbortSignal | undefined;
  /** After the first failure nothing more starts. */
  readonly failFast?: boolean | undefined;
}

/** A step and where it stands in the graph. */
interface Job {
  readonly step: PlanStep;
  readonly index: number;
  readonly next: Job[];
  /** How long the longest chain of steps that begins with this one takes. */
  criticalMs: number;
  waitsFor: number;
  settled: boolean;
}

/**
 * Runs each step once all it waits for went well, the one with the longest chain behind it first. Overhead is
 * O(log n) a step. Resolves when nothing runs and nothing more can start.
 * @returns the steps that neither ran nor were skipped, because of `signal` or `failFast`, in the order of the plan
 * @throws what `work` threw, after everything that ran has settled
 */
export async function schedule(options: ScheduleOptions): Promise<readonly PlanStep[]> {
  const jobs = createJobs(options);
  await new Promise<void>((resolve, reject) => runJobs(jobs, options, resolve, reject));
  return jobs.filter((job) => !job.settled).map((job) => job.step);
}

function runJobs(
  jobs: readonly Job[],
  options: ScheduleOptions,
  resolve: () => void,
  reject: (bug: unknown) => void,
): void {
  const { limit, work, onlyLooks = () => false, skip, signal, failFast } = options;
  const ready = createHeap<Job>(isMoreUrgent);
  const threads = Array.from({ length: limit }, (_, i) => limit - i);
  const bugs: unknown[] = [];
  let stopped = false;

  for (const job of jobs) if (job.waitsFor === 0) ready.add(job);
  startWhatCan();

  function startWhatCan(): void {
    while (!stopped && !signal?.aborted && ready.size() > 0) {
      const thread = threads.pop();
      if (thread === undefined) return;
      const job = ready.take() as Job;
      void run(job, thread);
    }
    if (threads.length < limit) return;
    if (bugs.length > 0) reject(bugs[0]);
    else resolve();
  }

  async function run(job: Job, thread: number): Promise<void> {
    job.settled = true;
    try {
      settle(job, await work(job.step, thread));
    } catch (bug) {
      bugs.push(bug);
      stopped = true;
    }
    threads.push(thread);
    startWhatCan();
  }

  function release(next: Job): void {
    next.waitsFor -= 1;
    if (next.waitsFor === 0 && !next.settled) ready.add(next);
  }

  function settle(job: Job, verdict: Verdict): void {
    if (failFast && verdict !== true) {
      stopped = true;
      return;
    }
    const isFree = ({ step }: Job) =>
      verdict === true || (verdict === 'untested' && onlyLooks(step));
    for (const next of job.next.filter(isFree)) release(next);
    skipWithAllAfter(
      job.next.filter((next) => !isFree(next)),
      job,
      skip,
    );
  }
}

function skipWithAllAfter(jobs: readonly Job[], failed: Job, skip: ScheduleOptions['skip']): void {
  const open = [...jobs];
  for (const job of open) {
    if (job.settled) continue;
    job.settled = true;
    skip(job.step, failed.step.node);
    open.push(...job.next);
  }
}

const isMoreUrgent = (a: Job, b: Job): boolean =>
  a.criticalMs === b.criticalMs ? a.index < b.index : a.criticalMs > b.criticalMs;

function createJobs({ steps, limit, durationMs }: ScheduleOptions): Job[] {
  if (limit < 1) throw new Error(`a schedule needs at least one thread, not ${limit}`);
  const jobs = steps.map(
    (step, index): Job => ({ step, index, next: [], criticalMs: 0, waitsFor: 0, settled: false }),
  );
  linkJobs(jobs);
  setCriticalPaths(jobs, durationMs);
  return jobs;
}

/** Inputs that are no step of the plan are ready already. */
function linkJobs(jobs: readonly Job[]): void {
  const jobOf = new Map(jobs.map((job) => [job.step.node, job]));
  for (const job of jobs) {
    for (const id of new Set(job.step.after)) {
      const before = jobOf.get(id);
      if (!before) continue;
      if (before.index >= job.index) throw new Error(`plan puts ${job.step.node} before ${id}`);
      before.next.push(job);
      job.waitsFor += 1;
    }
  }
}

function setCriticalPaths(jobs: readonly Job[], durationMs: ScheduleOptions['durationMs']): void {
  const past = jobs.map(({ step }) => (step.action === 'reuse' ? 0 : durationMs(step.node)));
  const assumedMs = median(past.filter((ms) => ms !== undefined && ms > 0) as number[]) ?? 1;
  for (const job of jobs.toReversed()) {
    const behindMs = job.next.reduce((longest, next) => Math.max(longest, next.criticalMs), 0);
    job.criticalMs = (past[job.index] ?? assumedMs) + behindMs;
  }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
