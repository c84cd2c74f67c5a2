import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunCommand } from '../../src/api/plan.ts';
import { type RunOptions, run } from '../../src/api/run.ts';
import type { Manifest, NodeId } from '../../src/core/node.ts';
import type { Plan, PlanStep } from '../../src/core/plan.ts';
import type { RunResult } from '../../src/core/result.ts';

export type BuildOptions = Partial<Omit<RunOptions, 'emit' | 'command'>> & {
  readonly command?: RunCommand;
};

/** What a run planned and did, by the names of nodes. */
export interface Built {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly statuses: Readonly<Record<string, string>>;
  /** Of the steps that were to be built: `code: text`. */
  readonly reasons: Readonly<Record<string, readonly string[]>>;
  step(name: string): PlanStep;
}

/** A clock that stands still: what is asked for never depends on the day a test runs. */
const NOW = Date.parse('2024-03-01T12:00:00Z');

/** Runs the whole pass in this process, as the bin does; its warnings go to `warnings`. @throws VeloError, VeloErrors */
export async function build(
  projectDir: string,
  options: BuildOptions = {},
  warnings: string[] = [],
): Promise<Built> {
  let plan: Plan | undefined;
  let manifest: Manifest | undefined;
  const result = await run({
    command: 'build',
    environment: { HOME: projectDir },
    now: () => NOW,
    // The racing project's models are trained where they are tested: its features do not need them.
    ...(existsSync(join(projectDir, 'models/modeling')) ? { exclude: ['kind:train+'] } : {}),
    ...options,
    projectDir,
    emit(event) {
      if (event.type === 'run-started') ({ plan, manifest } = event);
      if (event.type === 'warning') warnings.push(event.message);
    },
  });
  if (!plan || !manifest) throw new Error('the run did not start');
  return builtOf(plan, manifest, result);
}

function builtOf(plan: Plan, { nodes }: Manifest, result: RunResult): Built {
  const nameOf = (id: NodeId) => nodes.get(id)?.name ?? id;
  const building = plan.steps.filter(({ action }) => action === 'build');
  return {
    plan,
    result,
    statuses: Object.fromEntries(result.results.map(({ node, status }) => [nameOf(node), status])),
    reasons: Object.fromEntries(
      building.map(({ node, reasons }) => [
        nameOf(node),
        reasons.map(({ code, text }) => `${code}: ${text}`),
      ]),
    ),
    step(name) {
      const step = plan.steps.find(({ node }) => nameOf(node) === name);
      if (!step) throw new Error(`the plan has no step '${name}'`);
      return step;
    },
  };
}
