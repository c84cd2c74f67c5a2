import type { DueNodes } from '../graph/match-due.ts';
import { asOfEnd } from './as-of.ts';
import type { LoadedProject } from './load-project.ts';
import { planFor } from './plan-for.ts';
import type { SelectOptions } from './select-nodes.ts';
import { openToPlan } from './state-to-read.ts';

interface DueOptions extends SelectOptions {
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
}

/**
 * The as_of models with dates to build, from the ledger; undefined where no selector asks with `interval:`. Changes
 * nothing. @throws DatabaseError
 */
export async function dueNodes(
  project: LoadedProject,
  options: DueOptions,
): Promise<DueNodes | undefined> {
  if (!asksForIntervals(project, options)) return undefined;
  const { graph, settings, startedAt } = project;
  await using source = await openToPlan(project);
  const asked = {
    selection: new Set(graph.order.filter(({ asOf }) => asOf).map(({ id }) => id)),
    asOfEnd: asOfEnd(options.asOf, settings.project.config.timezone, startedAt),
    asOfStart: undefined,
    restate: undefined,
    microbatch: { now: startedAt, window: undefined, again: undefined },
  };
  const plan = await planFor(project, source, asked, { command: 'run' });
  return new Map(
    plan.steps.map(({ node, reasons }) => [node, new Set(reasons.map((one) => one.code))]),
  );
}

/** A word is looked for, not understood: to know the dates though nobody asks does no harm. */
function asksForIntervals({ manifest }: LoadedProject, options: SelectOptions): boolean {
  const { select = [], models = [], exclude = [] } = options;
  const texts = [...select, ...models, ...exclude, JSON.stringify(manifest.selectors)];
  return texts.some((text) => text.includes('interval'));
}
