import type { Warehouse } from '../adapters/adapter.ts';
import { ConfigError } from '../core/errors.ts';
import { parseInstant } from '../core/grain.ts';
import type { Experiment, FutureExperiment, ShuffleExperiment } from '../core/leakage.ts';
import type { Node } from '../core/node.ts';
import { type LabelLeak, labelLeaks } from '../leakage/shuffle-experiment.ts';
import type { LeaksFound } from '../nodes/run-checks.ts';
import { judgedInputs, judgeModels } from './judge-models.ts';
import { lendScratch } from './lend-scratch.ts';
import type { LoadedProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';

/** Where an experiment is made. */
export interface ExperimentPlace {
  readonly project: LoadedProject;
  readonly warehouse: Warehouse;
  /** No day from this instant on. */
  readonly end: number;
}

/**
 * What an experiment finds in one model: for the data tests `no_future_leakage` and `no_label_leak`. What cannot be
 * judged counts, too. @throws VeloError when it cannot be tried
 */
export async function leaksOf(
  model: Node,
  experiment: Experiment,
  place: ExperimentPlace,
): Promise<LeaksFound> {
  if (!model.asOf) {
    const test = experiment.kind === 'future' ? 'no_future_leakage' : 'no_label_leak';
    throw new ConfigError(
      'as-of-config',
      `'${model.name}' is no as_of model: it has no day to judge`,
      {
        span: model.span,
        hint: `${test} is for models with incremental_strategy='as_of'`,
      },
    );
  }
  if (experiment.kind === 'future') {
    return { count: await countOfLeaks(model, experiment, place), rows: [] };
  }
  const found = await shuffled(model, experiment, place);
  return { count: found.length, rows: found.map((leak) => ({ ...leak })) };
}

async function countOfLeaks(
  model: Node,
  { dates, seed }: FutureExperiment,
  { project, warehouse, end }: ExperimentPlace,
): Promise<number> {
  const asked =
    typeof dates === 'object' ? dates.flatMap((text) => parseInstant(text) ?? []) : dates;
  const options = { dates: asked, seed, end, emit: () => {} };
  const { leaks, unsteady } = await judgeModels(project, warehouse, [model], options);
  return leaks.length + unsteady.length;
}

async function shuffled(
  model: Node,
  experiment: ShuffleExperiment,
  { project, warehouse, end }: ExperimentPlace,
): Promise<readonly LabelLeak[]> {
  const { graph } = project;
  const inputs = judgedInputs([model], graph);
  await using tools = modelTools(project, undefined);
  const lend = await lendScratch(project, warehouse, tools);
  return await lend((scratch) => labelLeaks(scratch, model, experiment, { graph, inputs, end }));
}
