import type { WireColumn, WireType } from '../adapters/wire-type.ts';

/** Which columns of one table go to which of another. */
export interface MatchedColumns {
  /** As they are sent, by their names on the sending side. */
  readonly sent: readonly WireColumn[];
  /** What they are called on the other side, in the same order. */
  readonly names: readonly string[];
  /** Columns that are not sent: the other side has none of the name. */
  readonly onlyHere: readonly string[];
  /** Columns that get their default, or NULL. */
  readonly onlyThere: readonly string[];
  /** Columns whose values are cast. */
  readonly cast: readonly CastColumn[];
}

export interface CastColumn {
  readonly name: string;
  /** Types in the words of what is sent: `numeric(10,2)[]`. */
  readonly from: string;
  readonly to: string;
}

/**
 * Columns are matched by name, without case. The types of a table that is there stay: what is sent is cast to them.
 * `there` is undefined for a table that is made anew, of all columns as they are.
 */
export function matchColumns(
  here: readonly WireColumn[],
  there: readonly WireColumn[] | undefined,
): MatchedColumns {
  if (!there) {
    return { sent: here, names: here.map(nameOf), onlyHere: [], onlyThere: [], cast: [] };
  }
  const byName = new Map(there.map((column) => [keyOf(column), column]));
  const pairs = here.flatMap((column) => {
    const other = byName.get(keyOf(column));
    return other ? [{ column, other }] : [];
  });
  const known = new Set(here.map(keyOf));
  return {
    sent: pairs.map(({ column, other }) => ({ ...column, type: sentAs(column.type, other.type) })),
    names: pairs.map(({ other }) => other.name),
    onlyHere: here.filter((column) => !byName.has(keyOf(column))).map(nameOf),
    onlyThere: there.filter((column) => !known.has(keyOf(column))).map(nameOf),
    cast: pairs.flatMap(({ column, other }) => {
      const [from, to] = [typeText(column.type), typeText(other.type)];
      return from === to ? [] : [{ name: other.name, from, to }];
    }),
  };
}

const nameOf = ({ name }: WireColumn): string => name;
const keyOf = ({ name }: WireColumn): string => name.toLowerCase();

/** Digits of a number without bounds would be lost in the double it is otherwise sent as. */
const sentAs = (from: WireType, to: WireType): WireType =>
  to.kind === 'float8' && from.kind === 'numeric' && from.isList === to.isList ? from : to;

function typeText({ kind, precision, scale, isList }: WireType): string {
  return `${kind}${kind === 'numeric' ? `(${precision},${scale})` : ''}${isList ? '[]' : ''}`;
}
