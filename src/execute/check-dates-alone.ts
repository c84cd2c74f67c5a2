import type { RelationType } from '../adapters/adapter.ts';
import { compareRows } from '../compare/compare-rows.ts';
import { datesWithRows } from '../compare/dated-rows.ts';
import { ProjectError } from '../core/errors.ts';
import { addGrains, countGrains, formatInstant, splitByGrains } from '../core/grain.ts';
import type { Interval } from '../core/interval.ts';
import type { Node } from '../core/node.ts';
import type { RowDifferences } from '../core/row-differences.ts';
import { builderOf } from '../nodes/index.ts';
import { nodeAt } from '../nodes/node-at.ts';
import type { BuildContext } from '../nodes/node-kind.ts';
import type { Doubt } from './separability-doubts.ts';

/** Dates of each statement that are built once more alone: some it has rows for, and some it has none for. */
const FULL_DATES = 4;
const EMPTY_DATES = 2;

/** What a step builds with. */
type StepContext = Omit<BuildContext, 'existing' | 'replace' | 'batch'>;

/**
 * Builds some of the dates that a statement has just written once more, each alone, and compares. It runs in the
 * transaction of the statement: when rows differ, nothing is published. @throws ProjectError 'not-separable'
 */
export async function checkDatesAlone(
  node: Node,
  batch: Interval,
  doubts: readonly Doubt[],
  context: StepContext,
): Promise<void> {
  const { asOf, relation } = node;
  if (doubts.length === 0 || !asOf || !relation || countGrains(batch, asOf.grain) < 2) return;
  const { connection, dialect } = context;
  const dated = { column: asOf.column, grain: asOf.grain };
  const full = await datesWithRows(connection, dialect, relation, dated, batch);
  const all = splitByGrains(batch, 1, asOf.grain).map(({ start }) => start);
  const dates = [
    ...spread(
      all.filter((date) => full.has(date)),
      FULL_DATES,
    ),
    ...spread(
      all.filter((date) => !full.has(date)),
      EMPTY_DATES,
    ),
  ].sort((a, b) => a - b);
  const alone = { ...relation, name: `${relation.name}__velo_alone` };
  const differing = { ...relation, name: `${relation.name}__velo_differing` };
  await buildAlone(nodeAt(node, alone), dates, context);
  const differences = await compareRows(connection, dialect, {
    left: relation,
    right: alone,
    dated: { ...dated, dates },
    key: keyOf(node),
    place: () => differing,
  });
  await connection.execute(dialect.dropRelation(alone, 'table'));
  if (differences.dates.length > 0) throw notSeparable(node, doubts, differences);
}

/** The first and the last, which have fewest others on one side, and some between. */
const spread = (dates: readonly number[], count: number): number[] =>
  dates.length <= count
    ? [...dates]
    : Array.from(
        { length: count },
        (_, i) => dates[Math.round((i * (dates.length - 1)) / (count - 1))] as number,
      );

async function buildAlone(
  node: Node,
  dates: readonly number[],
  context: StepContext,
): Promise<void> {
  let existing: RelationType | undefined;
  for (const start of dates) {
    const batch = { start, end: addGrains(start, 1, node.asOf?.grain ?? 'day') };
    await builderOf(node).build(node, { ...context, existing, replace: !existing, batch });
    existing = 'table';
  }
}

const keyOf = ({ config }: Node): readonly string[] =>
  [config['unique_key'] ?? []].flat().filter((name) => typeof name === 'string');

function notSeparable(
  node: Node,
  doubts: readonly Doubt[],
  { dates, examples, columns }: RowDifferences,
): ProjectError {
  const grain = node.asOf?.grain ?? 'day';
  const days = dates.map(({ date }) => formatInstant(date, grain)).join(', ');
  const [example] = examples;
  const key = Object.entries(example?.key ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  const first = example && key.length > 0 ? `; first ${key.slice(0, 3).join(', ')}` : '';
  const named = columns.length > 0 ? ` in ${columns.map(({ name }) => name).join(', ')}` : '';
  const [doubt] = doubts;
  return new ProjectError(
    'not-separable',
    `'${node.name}' has other rows${named} when ${days} ${dates.length > 1 ? 'are' : 'is'} built alone${first}: ${doubt?.message ?? ''}`,
    {
      span: doubt?.span ?? node.span,
      hint: "let each date depend on its own rows; or set batch_size=1, separable='never', or depends_on_past=true when it reads its own past",
    },
  );
}
