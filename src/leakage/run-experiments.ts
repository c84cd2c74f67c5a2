import { addGrains, floorToGrain, formatInstant, parseInstant, splitByGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { RowDifferences } from '../core/row-differences.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';
import { sourceText } from '../nodes/source-text.ts';
import { type Change, changedRows, eventsOf, type InputText } from './changed-rows.ts';
import { compareBuilds } from './compare-builds.ts';
import type { DatedInput } from './find-inputs.ts';

/** What is tried: changes of the inputs on these days, and which models may not notice. */
export interface Experiments {
  readonly graph: Graph;
  /** The as_of models to judge. */
  readonly models: readonly Node[];
  readonly inputs: readonly DatedInput[];
  /** The days to try, by the first instants of those that have outcomes, epoch milliseconds in order. */
  chooseDays(known: readonly number[]): readonly number[];
  /** What a day is here: an hour where a model has rows for hours. */
  readonly grain: 'day' | 'hour';
  /** Nothing is built from this instant on. */
  readonly end: number;
  readonly seed: number;
  /** Called before each build of all models. */
  readonly tell: (what: string) => void;
}

export interface Tried {
  readonly days: readonly number[];
  readonly findings: readonly Finding[];
}

/** Rows of a model that changed although nothing they may know had. */
export interface Finding {
  readonly model: Node;
  readonly day: number;
  /** `unsteady`: they also differ between two builds of the same inputs, so nothing can be said. */
  readonly change: Change | 'unsteady';
  readonly difference: RowDifferences;
}

/**
 * Grains after the day that are built with it in one statement, as a backfill would: a model that looks into its
 * future sees some.
 */
const TAIL_GRAINS = 30;

type Relations = ReadonlyMap<NodeId, Relation>;

/** Everything one build of the models needs to know. */
interface Build {
  /** Inputs by what stands in for them. */
  readonly inputs: Relations;
  /** Called with each model that is an input: a changed copy of it takes its place. */
  replace(node: Node, built: Relation): Promise<Relation>;
  rangesOf(node: Node): readonly Interval[];
  /** A SELECT of the rows of earlier dates, of an as_of model that is built from a later one on. */
  before(node: Node): Promise<string | undefined>;
}

/** Builds everything above the models once as it is, then with each change on each day, and compares. @throws ProjectError, DatabaseError */
export async function runExperiments(
  scratch: Scratch,
  asked: Experiments,
): Promise<Tried> {
  const { tell, models } = asked;
  const inputs = await standingInputs(scratch, asked);
  const days = asked.chooseDays(await eventDays(scratch, asked, inputs));
  const experiments: Chosen = { ...asked, days };
  tell('as it is');
  const baseline = await buildAll(scratch, experiments, {
    inputs,
    replace: async (_, built) => built,
    rangesOf: (node) => baselineRanges(node, experiments),
    before: async () => undefined,
  });
  const findings: Finding[] = [];
  for (const day of days) {
    const found: Finding[] = [];
    for (const change of ['permuted', 'morning'] as const) {
      tell(`${TOLD[change]} ${formatInstant(day, experiments.grain)}`);
      const changed = await buildChanged(scratch, experiments, { baseline, inputs, day, change });
      for (const model of models) {
        const difference = await compare(scratch, model, { baseline, changed, day, change });
        if (difference) found.push({ model, day, change, difference });
      }
    }
    findings.push(...(await withoutUnsteady(scratch, experiments, found, { baseline, inputs, day })));
  }
  return { days, findings };
}

interface Chosen extends Experiments {
  readonly days: readonly number[];
}

async function eventDays(
  scratch: Scratch,
  experiments: Experiments,
  inputs: Relations,
): Promise<readonly number[]> {
  const { connection, dialect } = scratch;
  const days = new Set<number>();
  for (const { node, dating, outcomes } of experiments.inputs) {
    if (outcomes.length === 0) continue;
    const built = node.kind === 'model' ? await buildAlone(scratch, experiments, node) : undefined;
    const text = built ? dialect.relation(built) : textOf(node, inputs, scratch);
    const input = { text, dating: datingText(dating, inputs, scratch) };
    for (const { event } of await connection.query(eventsOf(input, experiments.grain, dialect))) {
      const day = parseInstant(String(event));
      if (day !== undefined) days.add(day);
    }
  }
  return [...days].sort((a, b) => a - b);
}

/** A model that is an input, to see which days it has. */
async function buildAlone(
  scratch: Scratch,
  experiments: Experiments,
  model: Node,
): Promise<Relation | undefined> {
  const built = await buildAll(scratch, { ...experiments, models: [model] }, {
    inputs: new Map(),
    replace: async (_, relation) => relation,
    rangesOf: ({ asOf }) => [{ start: asOf?.begin ?? 0, end: asOf?.begin ?? 0 }],
    before: async () => undefined,
  });
  return built.get(model.id);
}

const datingText = (
  { column, via }: DatedInput['dating'],
  inputs: Relations,
  scratch: Scratch,
): InputText['dating'] => ({
  column,
  via: via && { text: textOf(via.parent, inputs, scratch), key: via.key },
});

const TOLD: Readonly<Record<Change, string>> = {
  permuted: 'other outcomes from',
  morning: 'the morning of',
};

/** A model that differs without any change cannot be judged. */
async function withoutUnsteady(
  scratch: Scratch,
  experiments: Chosen,
  found: readonly Finding[],
  at: { readonly baseline: Relations; readonly inputs: Relations; readonly day: number },
): Promise<readonly Finding[]> {
  if (found.length === 0) return found;
  experiments.tell(`once more as it is: ${formatInstant(at.day, experiments.grain)}`);
  const again = await buildChanged(scratch, experiments, { ...at, change: undefined });
  const unsteady = new Map<NodeId, RowDifferences>();
  for (const { model } of found) {
    if (unsteady.has(model.id)) continue;
    const difference = await compare(scratch, model, { ...at, changed: again, change: undefined });
    if (difference) unsteady.set(model.id, difference);
  }
  return found.map((finding) => {
    const difference = unsteady.get(finding.model.id);
    return difference ? { ...finding, change: 'unsteady', difference } : finding;
  });
}

/** Sources and snapshots as they stand; seeds are loaded anew, so that nothing has to be built before. */
async function standingInputs(
  scratch: Scratch,
  { graph, models }: Experiments,
): Promise<Relations> {
  const inputs = new Map<NodeId, Relation>();
  for (const node of above(models, graph)) {
    if (node.kind !== 'seed') continue;
    const relation = await scratch.build(node);
    scratch.shadow(node, relation);
    inputs.set(node.id, relation);
  }
  return inputs;
}

const above = (models: readonly Node[], graph: Graph): readonly Node[] => {
  const wanted = new Set(models.flatMap(({ id }) => [id, ...graph.upstream(id)]));
  return graph.order.filter(({ id }) => wanted.has(id));
};

/** The whole of what others read rows of other days from; else a range for each day. */
function baselineRanges(node: Node, experiments: Chosen): readonly Interval[] {
  const { asOf } = node;
  if (!asOf) return [];
  const perDay = experiments.days.map((day) => rangeOf(node, day, experiments));
  if (!needsPast(node, experiments.graph)) return inGrains(node, perDay);
  return inGrains(node, [{ start: asOf.begin, end: Math.max(...perDay.map(({ end }) => end)) }]);
}

/** The day and the grains after it. */
function rangeOf(node: Node, day: number, { end }: Experiments): Interval {
  const { grain = 'day' } = node.asOf ?? {};
  const start = floorToGrain(day, grain);
  const dayEnd = addGrains(start, 1, grain);
  return { start, end: Math.max(dayEnd, Math.min(end, addGrains(dayEnd, TAIL_GRAINS, grain))) };
}

/** The statements of these ranges, from the model's first date on: one at least, so that its table is there. */
function inGrains({ asOf }: Node, ranges: readonly Interval[]): readonly Interval[] {
  if (!asOf) return [];
  const { begin, dependsOnPast, grain } = asOf;
  const known = ranges
    .map(({ start, end }) => ({ start: Math.max(start, begin), end }))
    .filter(({ start, end }) => start < end);
  if (known.length === 0) return [{ start: begin, end: begin }];
  return known.flatMap((range) => (dependsOnPast ? splitByGrains(range, 1, grain) : [range]));
}

const needsPast = (node: Node, graph: Graph): boolean =>
  node.asOf?.dependsOnPast === true ||
  [...graph.downstream(node.id)].some((id) => graph.nodes.get(id)?.asOf !== undefined);

interface Changed {
  readonly baseline: Relations;
  readonly inputs: Relations;
  readonly day: number;
  /** Undefined: nothing is changed. */
  readonly change: Change | undefined;
}

async function buildChanged(
  scratch: Scratch,
  experiments: Experiments,
  changed: Changed,
): Promise<Relations> {
  const { inputs, day, baseline } = changed;
  const copies = new Map<NodeId, Relation>(inputs);
  for (const input of experiments.inputs) {
    if (input.node.kind === 'model') continue;
    const text = textOf(input.node, inputs, scratch);
    const relation = await copyOf(scratch, experiments, input, text, changed);
    copies.set(input.node.id, relation);
  }
  const modelInputs = new Map(experiments.inputs.map((input) => [input.node.id, input]));
  return buildAll(scratch, experiments, {
    inputs: copies,
    async replace(node, built) {
      const input = modelInputs.get(node.id);
      if (!input) return built;
      return copyOf(scratch, experiments, input, scratch.dialect.relation(built), changed);
    },
    rangesOf: (node) => inGrains(node, [rangeOf(node, day, experiments)]),
    async before(node) {
      const relation = baseline.get(node.id);
      if (!relation || !needsPast(node, experiments.graph)) return undefined;
      return earlierRows(node, relation, day, scratch);
    },
  });
}

/** Rows of earlier days are as they were: none of them may know of the change. */
const earlierRows = (
  { asOf }: Node,
  baseline: Relation,
  day: number,
  { dialect }: Scratch,
): string =>
  asOf
    ? `select * from ${dialect.relation(baseline)} where ${dialect.quote(asOf.column)} < ${dialect.instant(floorToGrain(day, asOf.grain), asOf.grain)}`
    : '';

async function copyOf(
  scratch: Scratch,
  { grain, seed }: Experiments,
  input: DatedInput,
  text: string,
  { inputs, day, change }: Changed,
): Promise<Relation> {
  const { connection, dialect } = scratch;
  if (!change) return writeTable(scratch, input.node.name, `select * from ${text} as input`);
  const { table } = await connection.fetch(`select * from ${text} as input limit 0`);
  const sql = changedRows(
    {
      text,
      columns: table.columns.map(({ name }) => name),
      outcomes: input.outcomes,
      dating: datingText(input.dating, inputs, scratch),
    },
    change,
    { day: { start: day, end: addGrains(day, 1, grain) }, grain, seed, dialect },
  );
  return writeTable(scratch, input.node.name, sql);
}

/** What to select an input from, as it is. */
function textOf(node: Node, inputs: Relations, { dialect }: Scratch): string {
  const standing = inputs.get(node.id);
  if (standing) return dialect.relation(standing);
  if (node.kind === 'source') return sourceText(node, dialect);
  if (!node.relation) throw new Error(`${node.id} has no relation`);
  return dialect.relation(node.relation);
}

async function writeTable(scratch: Scratch, label: string, sql: string): Promise<Relation> {
  const { connection, dialect } = scratch;
  const relation = scratch.place(label);
  for (const statement of dialect.replaceTable(relation, sql, undefined)) {
    await connection.execute(statement);
  }
  return relation;
}

/** All models, inputs first, each reading what was built before it. */
async function buildAll(
  scratch: Scratch,
  { graph, models }: Experiments,
  build: Build,
): Promise<Relations> {
  const built = new Map<NodeId, Relation>();
  for (const node of above(models, graph)) {
    const input = build.inputs.get(node.id);
    if (input) scratch.shadow(node, input);
    if (node.kind !== 'model' || !node.buildable) continue;
    const relation = await buildOne(scratch, node, build);
    const standing = await build.replace(node, relation);
    scratch.shadow(node, standing);
    built.set(node.id, standing);
  }
  return built;
}

async function buildOne(scratch: Scratch, node: Node, build: Build): Promise<Relation> {
  if (!node.asOf) return scratch.build(node);
  const ranges = build.rangesOf(node);
  const before = await build.before(node);
  if (before === undefined) return scratch.build(node, { ranges });
  if (node.asOf.dependsOnPast) {
    return scratch.build(node, { ranges, onto: await writeTable(scratch, node.name, before) });
  }
  // Millions of rows of other days need not be copied to be read.
  const { connection, dialect } = scratch;
  const built = await scratch.build(node, { ranges });
  const both = scratch.place(node.name);
  const sql = `${before}\nunion all\nselect * from ${dialect.relation(built)}`;
  for (const statement of dialect.replaceView(both, sql, undefined)) {
    await connection.execute(statement);
  }
  return both;
}

async function compare(
  scratch: Scratch,
  model: Node,
  at: { baseline: Relations; changed: Relations; day: number; change: Change | undefined },
): Promise<RowDifferences | undefined> {
  const [before, after] = [at.baseline.get(model.id), at.changed.get(model.id)];
  if (!before || !after) return undefined;
  const mayWait = at.change === 'morning';
  return compareBuilds(scratch, { model, before, after, day: at.day, mayWait });
}
