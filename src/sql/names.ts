import type { Star } from './tree.ts';

/**
 * What stands in FROM under a name: its columns by lower-case name, in order, each with what an analysis knows of
 * it. `open`: its columns are not known, any name may be one.
 */
export interface Binding<C> {
  readonly name: string;
  readonly columns: ReadonlyMap<string, C>;
  readonly open: ((column: string) => C) | undefined;
  /** Columns joined with USING: a star takes them from the left side alone. */
  readonly hidden?: ReadonlySet<string>;
}

/** The column a path means among what stands in FROM: `a`, `t.a`, `schema.t.a`, or a field of a column `a.field`. */
export function findColumn<C>(
  path: readonly string[],
  bindings: readonly Binding<C>[],
): C | undefined {
  const [first = '', second] = path.map((part) => part.toLowerCase());
  if (second !== undefined) {
    const qualified = qualifiedColumn(path, bindings);
    if (qualified !== undefined) return qualified;
  }
  for (const { columns } of bindings) {
    const found = columns.get(first);
    if (found !== undefined) return found;
  }
  const open = bindings.filter((binding) => binding.open);
  return open.length === 1 ? open[0]?.open?.(first) : undefined;
}

function qualifiedColumn<C>(
  path: readonly string[],
  bindings: readonly Binding<C>[],
): C | undefined {
  const parts = path.map((part) => part.toLowerCase());
  for (let at = 0; at + 1 < parts.length; at += 1) {
    const [relation = '', column = ''] = parts.slice(at);
    const binding = bindings.find(({ name }) => name === relation);
    if (binding) return binding.columns.get(column) ?? binding.open?.(column);
  }
  return undefined;
}

export interface StarColumn<C> {
  readonly name: string;
  readonly column: C;
}

/** The columns of `*`, `t.*` with its `exclude` and `rename`; undefined when they cannot be known. */
export function starColumns<C>(
  star: Star,
  bindings: readonly Binding<C>[],
): readonly StarColumn<C>[] | undefined {
  const wanted = star.relation?.toLowerCase();
  const taken = bindings.filter(({ name }) => wanted === undefined || name === wanted);
  if (taken.length === 0 || taken.some(({ open }) => open)) return undefined;
  const excluded = new Set(star.exclude.map((name) => name.toLowerCase()));
  const renamed = new Map(star.rename.map(({ from, to }) => [from.toLowerCase(), to]));
  return taken.flatMap(({ columns, hidden }) =>
    [...columns]
      .filter(([name]) => !excluded.has(name) && !(wanted === undefined && hidden?.has(name)))
      .map(([name, column]) => ({ name: (renamed.get(name) ?? name).toLowerCase(), column })),
  );
}
