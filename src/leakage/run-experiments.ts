import { addGrains, floorToGrain, formatInstant } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Change, LeakFinding } from '../core/leakage.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';
import { compareBuilds } from './compare-builds.ts';
import type { DatedInput } from './find-inputs.ts';
import { changedCopy, eventDays, standingInputs } from './input-copies.ts';
import { buildAll, needsPast, nodesAbove, type Relations, rangeFrom } from './scratch-builds.ts';

/** What is tried: changes of the inputs on some days, and which models may not notice. */
export interface Experiments {
  readonly graph: Graph;
  /** The as_of models to judge. */
  readonly models: readonly Node[];
  readonly inputs: readonly DatedInput[];
  /** The days to try, of those that have outcomes: first instants, epoch milliseconds, in order. */
  chooseDays(known: readonly number[]): readonly number[];
  /** What a day is here: an hour where a model has rows for hours. */
  readonly grain: 'day' | 'hour';
  /** Nothing is built from this instant on. */
  readonly end: number;
  readonly seed: number;
  /** Called before each build of all models. */
  tell(what: string): void;
}

/** The models as they are, to compare with. */
export interface Baseline {
  readonly days: readonly number[];
  readonly standing: Relations;
  readonly built: Relations;
}

/** Builds everything above the models, and these, from inputs as they stand. @throws ProjectError, DatabaseError */
export async function buildBaseline(scratch: Scratch, experiments: Experiments): Promise<Baseline> {
  const { graph, models } = experiments;
  const { standing, known } = await openInputs(scratch, experiments);
  const days = experiments.chooseDays(known);
  experiments.tell('as they are');
  const rangesOf = (node: Node) => baselineRanges(node, days, experiments);
  const built = await buildAll(scratch, { graph, models, inputs: standing, rangesOf });
  return { days, standing, built };
}

/** Inputs as they stand, and the first instants of the days on which those with outcomes have rows, in order. */
export async function openInputs(
  scratch: Scratch,
  experiments: Pick<Experiments, 'graph' | 'models' | 'inputs' | 'grain'>,
): Promise<{ readonly standing: Relations; readonly known: readonly number[] }> {
  const { graph, models, inputs, grain } = experiments;
  const standing = await standingInputs(scratch, nodesAbove(models, graph));
  const relations = await withModels(scratch, experiments, standing);
  return { standing, known: await eventDays(scratch, inputs, relations, grain) };
}

/** Models that outcomes enter by have no rows before they are built. */
async function withModels(
  scratch: Scratch,
  { graph, inputs }: Pick<Experiments, 'graph' | 'inputs'>,
  standing: Relations,
): Promise<Relations> {
  const models = inputs.map(({ node }) => node).filter(({ kind }) => kind === 'model');
  const built = await buildAll(scratch, { graph, models, inputs: standing, rangesOf: () => [] });
  return new Map<NodeId, Relation>([...standing, ...built]);
}

/** The whole of what others read rows of other days from; else a range for each day. */
function baselineRanges(
  node: Node,
  days: readonly number[],
  { graph, end }: Experiments,
): readonly Interval[] {
  const perDay = days.map((day) => rangeFrom(node, day, end));
  if (!needsPast(node, graph)) return perDay;
  return [{ start: node.asOf?.begin ?? 0, end: Math.max(0, ...perDay.map((range) => range.end)) }];
}

/** The models that have no row on any of the days. @throws DatabaseError */
export async function withoutRows(
  { connection, dialect }: Scratch,
  models: readonly Node[],
  { days, built }: Baseline,
): Promise<readonly Node[]> {
  const empty: Node[] = [];
  for (const model of models) {
    const relation = built.get(model.id);
    const { column, grain = 'day' } = model.asOf ?? {};
    if (!relation || column === undefined) continue;
    const name = dialect.quote(column);
    const onDays = days.map((day) => {
      const start = floorToGrain(day, grain);
      const end = addGrains(start, 1, grain);
      return `(${name} >= ${dialect.instant(start, grain)} and ${name} < ${dialect.instant(end, grain)})`;
    });
    const where = onDays.join(' or ') || 'false';
    const sql = `select 1 from ${dialect.relation(relation)} where ${where} limit 1`;
    if ((await connection.query(sql)).length === 0) empty.push(model);
  }
  return empty;
}

const TOLD: Readonly<Record<Change, string>> = {
  permuted: 'with other outcomes from',
  morning: 'as of the morning of',
};

/** Builds the models with each change on each day of the baseline, and compares. @throws ProjectError, DatabaseError */
export async function runExperiments(
  scratch: Scratch,
  experiments: Experiments,
  baseline: Baseline,
): Promise<readonly LeakFinding[]> {
  const findings: LeakFinding[] = [];
  for (const day of baseline.days) {
    const shown = formatInstant(day, experiments.grain);
    const found: LeakFinding[] = [];
    for (const change of ['permuted', 'morning'] as const) {
      experiments.tell(`${TOLD[change]} ${shown}`);
      const changed = await buildChanged(scratch, experiments, { baseline, day, change });
      found.push(...(await differing(scratch, experiments.models, changed)));
    }
    if (found.length > 0) experiments.tell(`as they are, once more, for ${shown}`);
    findings.push(...(await withoutUnsteady(scratch, experiments, baseline, found)));
  }
  return findings;
}

/** A build of a day, to be compared with the baseline. */
interface Changed {
  readonly baseline: Baseline;
  readonly day: number;
  /** Undefined: nothing is changed. */
  readonly change: Change | undefined;
}

async function differing(
  scratch: Scratch,
  models: readonly Node[],
  { built, baseline, day, change }: Changed & { readonly built: Relations },
): Promise<LeakFinding[]> {
  const found: LeakFinding[] = [];
  for (const model of models) {
    const [before, after] = [baseline.built.get(model.id), built.get(model.id)];
    if (!before || !after) continue;
    const mayWait = change === 'morning';
    const differences = await compareBuilds(scratch, { model, before, after, day, mayWait });
    if (differences) found.push({ model, day, change: change ?? 'unsteady', differences });
  }
  return found;
}

/** A model that differs without any change cannot be judged. */
async function withoutUnsteady(
  scratch: Scratch,
  experiments: Experiments,
  baseline: Baseline,
  found: readonly LeakFinding[],
): Promise<readonly LeakFinding[]> {
  const [first] = found;
  if (!first) return found;
  const { day } = first;
  const again = await buildChanged(scratch, experiments, { baseline, day, change: undefined });
  const suspects = experiments.models.filter(({ id }) =>
    found.some(({ model }) => model.id === id),
  );
  const unsteady = await differing(scratch, suspects, again);
  const isUnsteady = ({ id }: Node) => unsteady.some(({ model }) => model.id === id);
  return [...found.filter(({ model }) => !isUnsteady(model)), ...unsteady];
}

async function buildChanged(
  scratch: Scratch,
  { graph, models, inputs, end, grain, seed }: Experiments,
  changed: Changed,
): Promise<Changed & { readonly built: Relations }> {
  const { baseline, day, change } = changed;
  const { standing } = baseline;
  const copy = async (input: DatedInput, relation?: Relation) =>
    change && changedCopy(scratch, input, { change, day, grain, seed, standing }, relation);
  const copies = new Map<NodeId, Relation>(standing);
  for (const input of inputs) {
    const relation = input.node.kind === 'model' ? undefined : await copy(input);
    if (relation) copies.set(input.node.id, relation);
  }
  const built = await buildAll(scratch, {
    graph,
    models,
    inputs: copies,
    rangesOf: (node) => [rangeFrom(node, day, end)],
    earlierRows: (node) => earlierRows(node, day, baseline, graph, scratch),
    replace: async (node, relation) => {
      const input = inputs.find((one) => one.node.id === node.id);
      return (input && (await copy(input, relation))) ?? relation;
    },
  });
  return { ...changed, built };
}

/** Rows of earlier days are as they were: none of them may know of the change. */
function earlierRows(
  node: Node,
  day: number,
  { built }: Baseline,
  graph: Graph,
  { dialect }: Scratch,
): string | undefined {
  const relation = built.get(node.id);
  if (!node.asOf || !relation || !needsPast(node, graph)) return undefined;
  const { column, grain } = node.asOf;
  const first = dialect.instant(floorToGrain(day, grain), grain);
  return `select * from ${dialect.relation(relation)} where ${dialect.quote(column)} < ${first}`;
}
