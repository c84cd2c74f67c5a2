import { compareRows } from '../compare/compare-rows.ts';
import { floorToGrain } from '../core/grain.ts';
import type { Node } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { RowDifferences } from '../core/row-differences.ts';
import type { Scratch } from '../execute/scratch.ts';
import { outcomesOf } from './find-inputs.ts';

/** Two builds of a model, and the day whose rows should be the same in both. */
export interface TwoBuilds {
  readonly model: Node;
  readonly before: Relation;
  readonly after: Relation;
  /** Epoch milliseconds. */
  readonly day: number;
  /** Rows that wait for a result need not be there before it is known. */
  readonly mayWait: boolean;
}

/** What differs, the model's own outcomes and labels aside; undefined when nothing does. @throws DatabaseError */
export async function compareBuilds(
  scratch: Scratch,
  { model, before, after, day, mayWait }: TwoBuilds,
): Promise<RowDifferences | undefined> {
  const { asOf } = model;
  if (!asOf || day < asOf.begin) return undefined;
  const excepted = new Set(outcomesOf(model).map(({ column }) => column.toLowerCase()));
  const { connection, dialect } = scratch;
  const key = model.config['unique_key'] as string | readonly string[] | null | undefined;
  const differences = await compareRows(connection, dialect, {
    left: await without(excepted, before, scratch),
    right: await without(excepted, after, scratch),
    dated: { column: asOf.column, grain: asOf.grain, dates: [floorToGrain(day, asOf.grain)] },
    key: typeof key === 'string' ? [key] : (key ?? []),
    place: () => scratch.place('differences'),
  });
  const counted = mayWait && excepted.size > 0 ? withoutWaiting(differences) : differences;
  return counted.dates.length === 0 ? undefined : counted;
}

/** The relation, or a view of its other columns. */
async function without(
  columns: ReadonlySet<string>,
  relation: Relation,
  { connection, dialect, place }: Scratch,
): Promise<Relation> {
  if (columns.size === 0) return relation;
  const { table } = await connection.fetch(`select * from ${dialect.relation(relation)} limit 0`);
  const kept = table.columns.filter(({ name }) => !columns.has(name.toLowerCase()));
  const names = kept.map(({ name }) => dialect.quote(name)).join(', ');
  const view = place('compared');
  const sql = `select ${names} from ${dialect.relation(relation)}`;
  for (const statement of dialect.replaceView(view, sql, undefined)) {
    await connection.execute(statement);
  }
  return view;
}

function withoutWaiting(differences: RowDifferences): RowDifferences {
  return {
    ...differences,
    dates: differences.dates
      .map((date) => ({ ...date, onlyLeft: 0 }))
      .filter(({ onlyRight, changed }) => onlyRight + changed > 0),
    examples: differences.examples.filter(({ where }) => where !== 'left'),
  };
}
