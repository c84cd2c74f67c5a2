import { ConfigError } from '../core/errors.ts';
import type { Node } from '../core/node.ts';
import { asOfEnd } from './as-of.ts';
import { type JudgedModels, type JudgeOptions, judgedInputs, judgeModels } from './judge-models.ts';
import { type ApiOptions, type LoadedProject, loadProject, openWarehouse } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';
import { unpackSources } from './unpack-sources.ts';

export interface LeakageOptions
  extends ApiOptions,
    SelectOptions,
    Partial<Pick<JudgeOptions, 'dates' | 'seed'>> {
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
  /** Aborted: nothing is left behind, and the call rejects with 'interrupted'. */
  readonly signal?: AbortSignal | undefined;
}

/** Days that are tried unless others are asked for. */
const USUAL_COUNT = 3;

/**
 * Changes what nobody could know on some days and looks whether the features of these days change. Nothing of it stays
 * in the warehouse. @throws VeloError, VeloErrors when it cannot be tried
 */
export async function leakage(options: LeakageOptions): Promise<JudgedModels> {
  const project = await loadProject(options);
  const models = chosenModels(project, options);
  const { settings, startedAt, graph, emit } = project;
  const end = asOfEnd(options.asOf, settings.project.config.timezone, startedAt);
  // What is not declared is told of before the database is opened.
  judgedInputs(models, graph);
  await unpackSources(project);
  await using warehouse = await openWarehouse(project);
  const interrupt = () => warehouse.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  try {
    const { dates = USUAL_COUNT, seed = 0 } = options;
    return await judgeModels(project, warehouse, models, { dates, seed, end, emit });
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
}

/** The selected as_of models, parents first. @throws ConfigError 'empty-selection' */
function chosenModels(project: LoadedProject, options: LeakageOptions): readonly Node[] {
  const { graph } = project;
  const selected = selectNodes(project, options);
  const models = graph.order.filter(({ id, asOf }) => selected.has(id) && asOf !== undefined);
  if (models.length > 0) return models;
  throw new ConfigError('empty-selection', 'none of the selected nodes is an as_of model', {
    hint: "velo leakage looks at models with incremental_strategy='as_of'",
  });
}
