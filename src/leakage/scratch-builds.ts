import { addGrains, floorToGrain, splitByGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Scratch } from '../execute/scratch.ts';
import type { Graph } from '../graph/build-graph.ts';

export type Relations = ReadonlyMap<NodeId, Relation>;

/** One build of models and of all that stands above them. */
export interface Build {
  readonly graph: Graph;
  readonly models: readonly Node[];
  /** What stands in for inputs. */
  readonly inputs: Relations;
  /** as_of ranges of an as_of model, in order. */
  rangesOf(node: Node): readonly Interval[];
  /** A SELECT of the rows of earlier dates, for a model that is built from a later one on. */
  earlierRows?(node: Node): string | undefined;
  /** Called with each model once it is built: what it returns takes its place. */
  replace?(node: Node, built: Relation): Promise<Relation>;
}

/** The nodes above the models and these, parents first. */
export function nodesAbove(models: readonly Node[], graph: Graph): readonly Node[] {
  const wanted = new Set(models.flatMap(({ id }) => [id, ...graph.upstream(id)]));
  return graph.order.filter(({ id }) => wanted.has(id));
}

/** Builds all models, inputs first, each reading what was built before it. @throws ProjectError, DatabaseError */
export async function buildAll(scratch: Scratch, build: Build): Promise<Relations> {
  const built = new Map<NodeId, Relation>();
  for (const node of nodesAbove(build.models, build.graph)) {
    const input = build.inputs.get(node.id);
    if (input) scratch.shadow(node, input);
    // A model is trained on what it knew: only what it answers may change.
    if (node.kind !== 'model' || !node.buildable || node.model?.does === 'makes') continue;
    const relation = await buildOne(scratch, node, build);
    const standing = (await build.replace?.(node, relation)) ?? relation;
    scratch.shadow(node, standing);
    built.set(node.id, standing);
  }
  return built;
}

async function buildOne(scratch: Scratch, node: Node, build: Build): Promise<Relation> {
  if (!node.asOf) return scratch.build(node);
  const ranges = statements(node, build.rangesOf(node));
  const earlier = build.earlierRows?.(node);
  if (earlier === undefined) return scratch.build(node, { ranges });
  if (node.asOf.dependsOnPast) {
    return scratch.build(node, { ranges, onto: await writeTable(scratch, node.name, earlier) });
  }
  // Millions of rows of other days need not be copied to be read.
  const built = scratch.dialect.relation(await scratch.build(node, { ranges }));
  return writeView(scratch, node.name, `${earlier}\nunion all\nselect * from ${built}`);
}

/** From the model's first date on; an empty one where there is none, so that the table is there. */
function statements({ asOf }: Node, ranges: readonly Interval[]): readonly Interval[] {
  if (!asOf) return [];
  const { begin, dependsOnPast, grain } = asOf;
  const known = ranges
    .map(({ start, end }) => ({ start: Math.max(start, begin), end }))
    .filter(({ start, end }) => start < end);
  if (known.length === 0) return [{ start: begin, end: begin }];
  return known.flatMap((range) => (dependsOnPast ? splitByGrains(range, 1, grain) : [range]));
}

/**
 * Grains after the day that are built with it in one statement, as a backfill would: a model that looks into its
 * future sees some.
 */
const TAIL_GRAINS = 30;

/** The day and the grains after it, up to `end`. */
export function rangeFrom({ asOf }: Node, day: number, end: number): Interval {
  const { grain = 'day' } = asOf ?? {};
  const start = floorToGrain(day, grain);
  const dayEnd = addGrains(start, 1, grain);
  return { start, end: Math.max(dayEnd, Math.min(end, addGrains(dayEnd, TAIL_GRAINS, grain))) };
}

/** Whether rows of other dates than the one that is looked at are read, by itself or by another model. */
export const needsPast = ({ id, asOf }: Node, graph: Graph): boolean =>
  asOf?.dependsOnPast === true ||
  [...graph.downstream(id)].some((below) => graph.nodes.get(below)?.asOf !== undefined);

/** A new table of the scratch. */
export const writeTable = (scratch: Scratch, label: string, sql: string): Promise<Relation> =>
  write(scratch, label, sql, 'replaceTable');

/** A new view of the scratch. */
export const writeView = (scratch: Scratch, label: string, sql: string): Promise<Relation> =>
  write(scratch, label, sql, 'replaceView');

async function write(
  { connection, dialect, place }: Scratch,
  label: string,
  sql: string,
  how: 'replaceTable' | 'replaceView',
): Promise<Relation> {
  const relation = place(label);
  for (const statement of dialect[how](relation, sql, undefined)) {
    await connection.execute(statement);
  }
  return relation;
}
