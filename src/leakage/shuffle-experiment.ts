import { ConfigError } from '../core/errors.ts';
import { addGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { ShuffleExperiment } from '../core/leakage.ts';
import { parseLength } from '../core/length-of-time.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';
import { featuresOf } from './feature-columns.ts';
import { type DatedInput, outcomesOf } from './find-inputs.ts';
import { chanceBand, type GroupSignal, groupSignal } from './group-signal.ts';
import { openInputs } from './run-experiments.ts';
import { buildAll, nodesAbove, type Relations, writeTable } from './scratch-builds.ts';
import { shuffledRows } from './shuffled-rows.ts';

/** A feature that tells a label it cannot know. */
export interface LabelLeak {
  readonly column_name: string;
  /** What of the column tells it: `value`, `is NULL` or `= word`. */
  readonly tells_by: string;
  readonly groups: number;
  /** Mean over groups; between `lowest` and `highest` by chance. */
  readonly auc: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface ShuffleContext {
  readonly graph: Graph;
  /** Those above the model, some with outcomes. */
  readonly inputs: readonly DatedInput[];
  /** Nothing is built from this instant on. */
  readonly end: number;
}

/**
 * Shuffles the outcomes of all inputs within their groups, builds the newest days of an as_of model from them and returns
 * the features that tell its label. @throws ConfigError for columns that are not there, ProjectError, DatabaseError
 */
export async function labelLeaks(
  scratch: Scratch,
  model: Node,
  experiment: ShuffleExperiment,
  context: ShuffleContext,
): Promise<readonly LabelLeak[]> {
  const { graph, inputs } = context;
  const models = [model];
  const { standing, known } = await openInputs(scratch, { graph, models, inputs, grain: 'day' });
  const range = newestDays(model, known, experiment.days, context.end);
  if (!range) return [];
  const shuffled = (input: DatedInput, relation: Relation) =>
    shuffledCopy(scratch, input, relation, experiment, model);
  const copies = new Map<NodeId, Relation>(standing);
  for (const input of inputs) {
    const relation = standing.get(input.node.id);
    if (relation && input.outcomes.length > 0) {
      copies.set(input.node.id, await shuffled(input, relation));
    }
  }
  const built = await buildAll(scratch, {
    graph,
    models,
    inputs: copies,
    rangesOf: (node) => [rangeOf(node, range, models, graph)],
    replace: async (node, relation) => {
      const input = inputs.find((one) => one.node.id === node.id && one.outcomes.length > 0);
      return input ? shuffled(input, relation) : relation;
    },
  });
  return tellingFeatures(scratch, model, built, experiment, range);
}

/** Up to the newest day that has outcomes, or may have them; undefined when there is none. */
function newestDays(
  { asOf }: Node,
  known: readonly number[],
  days: number,
  end: number,
): Interval | undefined {
  const last = known.findLast((day) => day < end);
  if (!asOf || last === undefined || last < asOf.begin) return undefined;
  const after = addGrains(last, 1, 'day');
  return { start: Math.max(asOf.begin, addGrains(after, -days, 'day')), end: after };
}

/** Earlier days only of a model of which another one reads them. */
function rangeOf(node: Node, range: Interval, models: readonly Node[], graph: Graph): Interval {
  const above = new Set(nodesAbove(models, graph).map(({ id }) => id));
  const readers = [...graph.downstream(node.id)].flatMap((id) => graph.nodes.get(id) ?? []);
  const readsPast = readers
    .filter(({ id }) => above.has(id) && graph.parents(id).includes(node.id))
    .some((reader) => !reader.asOf || !seesOnlyItsDay(reader, node, graph));
  const isWhole = node.asOf?.dependsOnPast === true || readsPast;
  return isWhole ? { start: node.asOf?.begin ?? range.start, end: range.end } : range;
}

const seesOnlyItsDay = (reader: Node, node: Node, graph: Graph): boolean =>
  reader.references
    .filter((reference) => graph.resolve(reader, reference).id === node.id)
    .every(({ windows }) => windows?.every(({ before }) => parseLength(before ?? '')?.count === 0));

async function shuffledCopy(
  scratch: Scratch,
  { node, outcomes }: DatedInput,
  relation: Relation,
  { groupInInputs, seed }: ShuffleExperiment,
  model: Node,
): Promise<Relation> {
  const { connection, dialect } = scratch;
  const text = dialect.relation(relation);
  const { table } = await connection.fetch(`select * from ${text} as input limit 0`);
  const columns = table.columns.map(({ name }) => name);
  const group = groupInInputs.find((name) => columns.includes(name));
  if (group === undefined) {
    throw new ConfigError(
      'invalid-config',
      `'${node.name}' has outcomes, but no column ${groupInInputs.join(' or ')} to shuffle them within`,
      {
        span: model.span,
        hint: 'name it in group_in_inputs of the test no_label_leak',
      },
    );
  }
  const sql = shuffledRows({ text, columns, outcomes, group }, { seed, dialect });
  return writeTable(scratch, node.name, sql);
}

async function tellingFeatures(
  scratch: Scratch,
  model: Node,
  built: Relations,
  experiment: ShuffleExperiment,
  { start, end }: Interval,
): Promise<readonly LabelLeak[]> {
  const { dialect, connection } = scratch;
  const { asOf } = model;
  const relation = built.get(model.id);
  if (!asOf || !relation) throw new Error(`${model.id} was not built`);
  const [label, group, date] = [experiment.label, experiment.group, asOf.column].map(dialect.quote);
  const rows = `select * from ${dialect.relation(relation)}
where ${label} is not null and ${date} >= ${dialect.instant(start, asOf.grain)} and ${date} < ${dialect.instant(end, asOf.grain)}`;
  const leftOut = [...outcomesOf(model).map(({ column }) => column), experiment.label, asOf.column];
  const features = await featuresOf(
    scratch,
    rows,
    new Set(leftOut.map((name) => name.toLowerCase())),
  );
  const items = features.map(
    ({ expression }, i) => `cast(${expression} as double precision) as f${i}`,
  );
  const columns = await connection.readColumns(`select
  cast(dense_rank() over (order by ${group}) as integer) as velo_group,
  case when ${label} = 1 then 1 else 0 end as velo_label,
  ${items.join(',\n  ')}
from (${rows}) as rows_of_model
order by velo_group`);
  const numbers = (name: string) => (columns[name] ?? []) as ArrayLike<number>;
  const signals = features.map((feature, i) => ({
    feature,
    signal: groupSignal(numbers(`f${i}`), numbers('velo_label'), numbers('velo_group')),
  }));
  return outsideOfChance(signals, experiment.confidence);
}

interface Measured {
  readonly feature: { readonly column: string; readonly aspect: string };
  readonly signal: GroupSignal;
}

/** What is the same for all rows of each group is no comparison. */
function outsideOfChance(measured: readonly Measured[], confidence: number): readonly LabelLeak[] {
  const telling = measured.filter(({ signal }) => signal.telling > 0);
  return telling.flatMap(({ feature, signal: { groups, surplus, variance } }) => {
    const band = chanceBand(variance, { comparisons: telling.length, confidence });
    if (Math.abs(surplus) <= band) return [];
    return {
      column_name: feature.column,
      tells_by: feature.aspect,
      groups,
      auc: rounded(0.5 + surplus / groups),
      lowest: rounded(0.5 - band / groups),
      highest: rounded(0.5 + band / groups),
    };
  });
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
