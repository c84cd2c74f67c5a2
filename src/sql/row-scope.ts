import type { BatchValue } from './batch-values.ts';
import { lengthOf, movedBy } from './instants.ts';
import { type Binding, findColumn } from './names.ts';
import type { Known, Need, Padding, Reason, Variable } from './needs.ts';
import type { Expression, Item } from './tree.ts';

/** A column of a relation. */
export interface Column {
  readonly of: Variable;
  /** What its value needs besides what its row needs. */
  readonly needs: readonly Need[];
  /** Set for `lead(t)` over t: the true next time, or beyond what a date sees and then NULL or later than all of it. */
  readonly horizon: Horizon | undefined;
}

export interface Horizon {
  /** Up to here, from the start of the date, it is the true next time. */
  readonly to: number;
  readonly why: Reason;
}

/** What a whole analysis shares. */
export interface Analysis {
  readonly batch: ReadonlyMap<Expression, BatchValue>;
  readonly grainMs: number;
  /** Lengths in months or years were met: they are known to a few days only. */
  readonly notes: { isRough: boolean };
  columnsOf(path: readonly string[]): readonly string[] | undefined;
  /** A variable nothing is known of; later ones are greater. */
  fresh(): Variable;
  /** The variable the next `fresh` gives. */
  mark(): Variable;
}

/** Where an expression stands: what it can name, and what is known and needed of the rows there. */
export interface RowScope {
  readonly analysis: Analysis;
  readonly bindings: readonly Binding<Column>[];
  readonly outer: readonly Binding<Column>[];
  /** Items of its own SELECT: DuckDB lets others name them. */
  readonly aliases: readonly Item[];
  readonly known: Known;
  readonly needs: readonly Need[];
  /** Set when padding is told apart from other rows. */
  readonly padding: Padding | undefined;
  /** What a query below it needs, said of the columns around it. */
  subquery(
    expression: Extract<Expression, { kind: 'subquery' }>,
    scope: RowScope,
    isFilter: boolean,
  ): readonly Need[];
  /** Aggregates may stand here: what they need of the groups. */
  readonly grouping: Grouping | undefined;
}

export interface Grouping {
  /** What the rows of a group need, said of its keys. */
  carry(needs: readonly Need[], at: number | undefined): readonly Need[];
}

export interface MovedColumn {
  readonly of: Variable;
  readonly shiftMs: number;
}

/** The column an expression is, moved by a fixed length of time. */
export function movedColumn(expression: Expression, scope: RowScope): MovedColumn | undefined {
  const { base, shift } = movedBy(expression);
  if (typeof base === 'number' || base.kind !== 'column') return undefined;
  if (shift.isRough) scope.analysis.notes.isRough = true;
  const column = findColumn(base.path, scope.bindings);
  if (column) return { of: column.of, shiftMs: shift.ms };
  const item = aliasOf(base.path, scope);
  if (item) {
    const inner = movedColumn(item.expression, withoutAlias(item, scope));
    return inner && { of: inner.of, shiftMs: inner.shiftMs + shift.ms };
  }
  const outside = findColumn(base.path, scope.outer);
  return outside && { of: outside.of, shiftMs: shift.ms };
}

export const aliasOf = (path: readonly string[], { aliases }: RowScope): Item | undefined => {
  const name = path.length === 1 ? path[0]?.toLowerCase() : undefined;
  return aliases.find(({ alias }) => alias !== undefined && alias.toLowerCase() === name);
};

/** An item may be named like a column it is made from: it must not find itself. */
export const withoutAlias = (item: Item, scope: RowScope): RowScope => ({
  ...scope,
  aliases: scope.aliases.filter((one) => one !== item),
});

/** The bound of the range an expression is, moved by a fixed length: `as_of.end - interval '1 day'`. */
export function batchBound(expression: Expression, analysis: Analysis): BatchValue | undefined {
  if (expression.kind === 'constant') return analysis.batch.get(expression);
  if (expression.kind === 'cast') return batchBound(expression.arg, analysis);
  if (expression.kind !== 'call' || (expression.name !== '+' && expression.name !== '-')) {
    return undefined;
  }
  const [first, second] = expression.args;
  const inner = first && batchBound(first, analysis);
  const length = second && lengthOf(second);
  if (!inner || !length) return undefined;
  const sign = expression.name === '+' ? 1 : -1;
  return { ...inner, offsetMs: inner.offsetMs + sign * length.ms };
}
