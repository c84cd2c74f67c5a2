import { ConfigError } from '../core/errors.ts';
import type { Manifest, Node } from '../core/node.ts';
import type { Scratch } from '../execute/scratch.ts';
import { chooseDays } from '../leakage/choose-days.ts';
import { readColumns } from '../leakage/column-graph.ts';
import { type DatedInput, findInputs } from '../leakage/find-inputs.ts';
import { type Judgement, judge } from '../leakage/judge.ts';
import {
  buildBaseline,
  type Experiments,
  runExperiments,
  withoutRows,
} from '../leakage/run-experiments.ts';
import { nodesAbove } from '../leakage/scratch-builds.ts';
import { asOfEnd } from './as-of.ts';
import { lendScratch } from './lend-scratch.ts';
import { type ApiOptions, type LoadedProject, loadProject, openWarehouse } from './load-project.ts';
import { type SelectOptions, selectNodes } from './select-nodes.ts';

export interface LeakageOptions extends ApiOptions, SelectOptions {
  /** How many days to try, `all`, or the days themselves: their first instants. */
  readonly dates: number | 'all' | readonly number[];
  /** Decides which days and which changes are tried. */
  readonly seed: number;
  /** Last as_of date, such as `2024-06-30`. */
  readonly asOf?: string | undefined;
  /** Aborted: nothing is left behind, and the call rejects with 'interrupted'. */
  readonly signal?: AbortSignal | undefined;
}

export interface LeakageResult extends Judgement {
  /** Those that were judged. */
  readonly models: readonly Node[];
  /** First instants of the days that were tried. */
  readonly days: readonly number[];
  readonly grain: 'day' | 'hour';
  /** Models through which columns could not be followed: only the experiments judge them. */
  readonly opaque: readonly Node[];
  /** Models without a row on any of the days: the experiments say nothing of them. */
  readonly unjudged: readonly Node[];
  readonly manifest: Manifest;
}

/**
 * Changes what nobody could know on some days and looks whether the features of these days change. Nothing of it stays
 * in the warehouse. @throws VeloError, VeloErrors when it cannot be tried
 */
export async function leakage(options: LeakageOptions): Promise<LeakageResult> {
  const project = await loadProject(options);
  const { models, inputs } = whatIsTried(project, options);
  await using warehouse = await openWarehouse(project);
  const interrupt = () => warehouse.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  try {
    const lend = await lendScratch(project, warehouse);
    return await lend((scratch) => tryIn(scratch, project, options, models, inputs));
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
}

/** The as_of models among the selected nodes, and the inputs above them. @throws ConfigError, ProjectError */
function whatIsTried(project: LoadedProject, options: LeakageOptions) {
  const { graph } = project;
  const selected = selectNodes(project, options);
  const models = graph.order.filter(({ id, asOf }) => selected.has(id) && asOf !== undefined);
  if (models.length === 0) {
    throw new ConfigError(
      'empty-selection',
      'no as_of model is selected: there is nothing to judge',
      {
        hint: "velo leakage looks at models with incremental_strategy='as_of'",
      },
    );
  }
  const inputs = findInputs(models, graph);
  if (inputs.some(({ outcomes }) => outcomes.length > 0)) return { models, inputs };
  throw new ConfigError('no-outcomes', 'nothing above these models is called an outcome', {
    hint: "write 'outcome: true' at columns of sources and seeds that are known only after the event",
  });
}

async function tryIn(
  scratch: Scratch,
  project: LoadedProject,
  options: LeakageOptions,
  models: readonly Node[],
  inputs: readonly DatedInput[],
): Promise<LeakageResult> {
  const { seed } = options;
  const { settings, startedAt, graph } = project;
  const end = asOfEnd(options.asOf, settings.project.config.timezone, startedAt);
  const begin = Math.min(...models.map(({ asOf }) => asOf?.begin ?? end));
  const grain = models.some(({ asOf }) => asOf?.grain === 'hour') ? 'hour' : 'day';
  const experiments: Experiments = {
    graph,
    models,
    inputs,
    chooseDays: (known) =>
      daysToTry(
        known.filter((day) => day >= begin && day < end),
        options.dates,
        seed,
      ),
    grain,
    end,
    seed,
    tell: (how) => options.emit({ type: 'message', message: `Building the models ${how}` }),
  };
  const baseline = await buildBaseline(scratch, experiments);
  const { days, standing, built } = baseline;
  const relations = new Map([...standing, ...built]);
  const read = await readColumns(scratch, nodesAbove(models, graph), relations, graph);
  const findings = await runExperiments(scratch, experiments, baseline);
  return {
    models,
    days,
    grain,
    opaque: read.opaque,
    unjudged: await withoutRows(scratch, models, baseline),
    manifest: project.manifest,
    ...judge(graph.nodes.values(), models, inputs, findings, read),
  };
}

function daysToTry(
  known: readonly number[],
  dates: LeakageOptions['dates'],
  seed: number,
): readonly number[] {
  if (dates === 'all') return known;
  if (typeof dates === 'number') return chooseDays(known, dates, seed);
  return dates.toSorted((a, b) => a - b);
}
