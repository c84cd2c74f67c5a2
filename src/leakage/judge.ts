import type { ColumnOf, Leak, LeakFinding, PathStep, Suspicion } from '../core/leakage.ts';
import type { Node, NodeId } from '../core/node.ts';
import type { ReadColumns } from './column-graph.ts';
import { type ColumnGraph, shortestPath } from './column-paths.ts';
import { type DatedInput, outcomesOf } from './find-inputs.ts';

export interface Judgement {
  readonly leaks: readonly Leak[];
  /** Models that differ between two builds of the same inputs: nothing can be said of them. */
  readonly unsteady: readonly LeakFinding[];
  /** Of models that did not change in any experiment. */
  readonly suspicions: readonly Suspicion[];
}

/** What the experiments and the SQL say together. Pure. */
export function judge(
  nodes: Iterable<Node>,
  models: readonly Node[],
  inputs: readonly DatedInput[],
  findings: readonly LeakFinding[],
  read: ReadColumns,
): Judgement {
  const leaks = models.flatMap((model): Leak[] => {
    const own = findings.filter((one) => one.model === model && one.change !== 'unsteady');
    if (own.length === 0) return [];
    const columns = [
      ...new Set(own.flatMap(({ differences }) => differences.columns.map(({ name }) => name))),
    ];
    return [{ model, columns, findings: own, path: leakPath(model, columns, inputs, read.graph) }];
  });
  const unsteady = findings.filter(({ change }) => change === 'unsteady');
  const clean = models.filter((model) => !findings.some((one) => one.model === model));
  return { leaks, unsteady, suspicions: suspicionsOf(nodes, clean, inputs, read) };
}

type Columns = ReadonlySet<string>;

const keyOf = ({ node, column }: ColumnOf): string => `${node}\n${column}`;

const outcomeColumns = (inputs: readonly DatedInput[]): Columns =>
  new Set(
    inputs.flatMap(({ node: { id }, outcomes }) =>
      outcomes.map(({ column }) => keyOf({ node: id, column: column.toLowerCase() })),
    ),
  );

const dateColumns = (inputs: readonly DatedInput[]): Columns =>
  new Set(
    inputs.map(({ node, dating: { column, via } }) =>
      keyOf({ node: (via?.parent ?? node).id, column: column.toLowerCase() }),
    ),
  );

/** Unbounded ways of outcomes come first, then those of the dates of later rows, then any way. */
function leakPath(
  model: Node,
  columns: readonly string[],
  inputs: readonly DatedInput[],
  graph: ColumnGraph,
): readonly PathStep[] | undefined {
  const ends = (columns.length > 0 ? columns : columnsOf(model.id, graph)).map(
    (column): ColumnOf => ({ node: model.id, column: column.toLowerCase() }),
  );
  const [outcomes, dates] = [outcomeColumns(inputs), dateColumns(inputs)];
  const attempts: readonly (readonly [Columns, boolean])[] = [
    [outcomes, true],
    [dates, true],
    [outcomes, false],
  ];
  for (const [starts, unboundOnly] of attempts) {
    const paths = ends.flatMap((end) => pathTo(end, starts, unboundOnly, graph) ?? []);
    const [shortest] = paths.sort((a, b) => a.steps.length - b.steps.length);
    if (shortest) return shortest.steps;
  }
  return undefined;
}

function pathTo(end: ColumnOf, starts: Columns, unboundOnly: boolean, graph: ColumnGraph) {
  const steps = shortestPath(
    graph,
    end,
    (column) => starts.has(keyOf(column)),
    ({ isBound }) => !unboundOnly || !isBound,
  );
  return steps && [{ steps }];
}

const columnsOf = (id: NodeId, graph: ColumnGraph): readonly string[] => [
  ...(graph.get(id)?.columns.keys() ?? []),
];

/** Columns that are known although they are made from outcomes. */
const knownBefore = (nodes: Iterable<Node>): Columns =>
  new Set(
    [...nodes].flatMap(({ id, columns }) =>
      columns
        .filter(({ outcome }) => outcome === false)
        .map(({ name }) => keyOf({ node: id, column: name.toLowerCase() })),
    ),
  );

/**
 * Only ways of values: that an outcome decides which rows count is left to the experiments, and so is what cannot be
 * followed.
 */
function suspicionsOf(
  nodes: Iterable<Node>,
  models: readonly Node[],
  inputs: readonly DatedInput[],
  { graph, opaque }: ReadColumns,
): readonly Suspicion[] {
  const hidden = new Set(opaque.map(({ id }) => id));
  const followed = new Map([...graph].filter(([id]) => !hidden.has(id)));
  const starts = outcomeColumns(inputs);
  const known = knownBefore(nodes);
  return models.flatMap((model) => {
    const excepted = new Set(outcomesOf(model).map(({ column }) => column.toLowerCase()));
    return columnsOf(model.id, followed)
      .filter((column) => !excepted.has(column))
      .flatMap((column) => {
        const path = shortestPath(
          followed,
          { node: model.id, column },
          (one) => starts.has(keyOf(one)),
          ({ isBound, role, from }) => !isBound && role === 'value' && !known.has(keyOf(from)),
        );
        return path ? [{ model, column, path }] : [];
      });
  });
}
