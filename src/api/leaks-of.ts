import type { Warehouse } from '../adapters/adapter.ts';
import type { Experiment } from '../checks/check.ts';
import { ConfigError } from '../core/errors.ts';
import { parseInstant } from '../core/grain.ts';
import type { Node } from '../core/node.ts';
import { judgeModels } from './judge-models.ts';
import type { LoadedProject } from './load-project.ts';

/**
 * How many leaks an experiment finds in one model: for the data test `no_future_leakage`. What cannot be judged counts,
 * too. @throws VeloError when it cannot be tried
 */
export async function leaksOf(
  model: Node,
  { dates, seed }: Experiment,
  { project, warehouse, end }: { project: LoadedProject; warehouse: Warehouse; end: number },
): Promise<number> {
  if (!model.asOf) {
    throw new ConfigError(
      'as-of-config',
      `'${model.name}' is no as_of model: it has no day to judge`,
      {
        span: model.span,
        hint: "no_future_leakage is for models with incremental_strategy='as_of'",
      },
    );
  }
  const asked =
    typeof dates === 'object' ? dates.flatMap((text) => parseInstant(text) ?? []) : dates;
  const options = { dates: asked, seed, end, emit: () => {} };
  const { leaks, unsteady } = await judgeModels(project, warehouse, [model], options);
  return leaks.length + unsteady.length;
}
