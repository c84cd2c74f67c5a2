import type { Warehouse } from '../adapters/adapter.ts';
import { ConfigError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Manifest, Node } from '../core/node.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';
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
import { lendScratch } from './lend-scratch.ts';
import type { LoadedProject } from './load-project.ts';
import { modelTools } from './model-tools.ts';

/** Which days are tried, and how. */
export interface JudgeOptions {
  /** How many days, `all`, or the days themselves: their first instants. */
  readonly dates: number | 'all' | readonly number[];
  /** Decides which days and which changes are tried. */
  readonly seed: number;
  /** No day from this instant on. */
  readonly end: number;
  readonly emit: Emit;
}

export interface JudgedModels extends Judgement {
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

/** Inputs above the models, of which some have outcomes. @throws ConfigError 'no-outcomes', ProjectError */
export function judgedInputs(models: readonly Node[], graph: Graph): readonly DatedInput[] {
  const inputs = findInputs(models, graph);
  if (inputs.some(({ outcomes }) => outcomes.length > 0)) return inputs;
  throw new ConfigError('no-outcomes', 'nothing above these models is called an outcome', {
    hint: "write 'outcome: true' at columns of sources and seeds that are known only after the event",
  });
}

/** Judges as_of models in a scratch of the warehouse. @throws VeloError when it cannot be tried */
export async function judgeModels(
  project: LoadedProject,
  warehouse: Warehouse,
  models: readonly Node[],
  options: JudgeOptions,
): Promise<JudgedModels> {
  const inputs = judgedInputs(models, project.graph);
  await using tools = modelTools(project, undefined);
  const lend = await lendScratch(project, warehouse, tools);
  return await lend((scratch) =>
    judgeIn(scratch, project, experimentsOf(project, models, inputs, options)),
  );
}

function experimentsOf(
  { graph }: LoadedProject,
  models: readonly Node[],
  inputs: readonly DatedInput[],
  { dates, seed, end, emit }: JudgeOptions,
): Experiments {
  const begin = Math.min(...models.map(({ asOf }) => asOf?.begin ?? end));
  const isAsked = (day: number) => day >= begin && day < end;
  return {
    graph,
    models,
    inputs,
    chooseDays: (known) => daysToTry(known.filter(isAsked), dates, seed),
    grain: models.some(({ asOf }) => asOf?.grain === 'hour') ? 'hour' : 'day',
    end,
    seed,
    tell: (how) => emit({ type: 'message', message: `Building the models ${how}` }),
  };
}

async function judgeIn(
  scratch: Scratch,
  { graph, manifest }: LoadedProject,
  experiments: Experiments,
): Promise<JudgedModels> {
  const { models, inputs, grain } = experiments;
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
    manifest,
    ...judge(graph.nodes.values(), models, inputs, findings, read),
  };
}

function daysToTry(
  known: readonly number[],
  dates: JudgeOptions['dates'],
  seed: number,
): readonly number[] {
  if (dates === 'all') return known;
  if (typeof dates === 'number') return chooseDays(known, dates, seed);
  return dates.toSorted((a, b) => a - b);
}
