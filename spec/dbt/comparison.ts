/** A value that is not the same; `undefined` is one that is not there. */
export interface Difference {
  /** Part of what is compared: `nodes`, `ls`, `compiled` … */
  readonly section: string;
  /** unique_id, record or file. */
  readonly id: string;
  /** Keys from the entry to the value, joined by dots; empty when the entry itself is not there. */
  readonly path: string;
  readonly dbt: unknown;
  readonly velo: unknown;
}

/** How many entries agree in a field. */
export interface FieldCount {
  readonly section: string;
  readonly field: string;
  readonly equal: number;
  readonly total: number;
}

export interface Comparison {
  readonly counts: readonly FieldCount[];
  readonly differences: readonly Difference[];
}

/** A difference there should be, or a value that is never compared. */
export interface Exception {
  /** A section, or `*` for all. */
  readonly section: string;
  /** Path of the difference or a start of it, up to a dot; empty: whatever differs. */
  readonly path: string;
  /** Only these entries; all when absent. */
  readonly ids?: RegExp;
  readonly reason: string;
}

type Entries = Readonly<Record<string, unknown>>;

/**
 * Compares entries by id and field by field. A field that `ignored` names is not compared;
 * other differences are all told, also those of entries only one side has.
 */
export function compareEntries(
  section: string,
  dbt: Entries,
  velo: Entries,
  ignored: readonly Exception[] = [],
): Comparison {
  const ids = keysOf(dbt, velo);
  const found = ids.flatMap((id) =>
    valueDifferences(dbt[id], velo[id]).map((difference) => ({ section, id, ...difference })),
  );
  const differences = found.filter((difference) => !ignored.some((one) => covers(one, difference)));
  return { counts: countFields(section, dbt, velo, differences), differences };
}

/** Whether an exception is about a difference. */
export function covers({ section, path, ids }: Exception, difference: Difference): boolean {
  return (
    (section === '*' || section === difference.section) &&
    (path === '' || path === difference.path || difference.path.startsWith(`${path}.`)) &&
    (ids === undefined || ids.test(difference.id))
  );
}

export const joined = (parts: readonly Comparison[]): Comparison => ({
  counts: parts.flatMap(({ counts }) => counts),
  differences: parts.flatMap(({ differences }) => differences),
});

/** `(entries)` counts ids that both sides have; the other rows count over entries of both sides that have the field. */
function countFields(
  section: string,
  dbt: Entries,
  velo: Entries,
  differences: readonly Difference[],
): readonly FieldCount[] {
  const both = Object.keys(dbt).filter((id) => id in velo);
  const all = keysOf(dbt, velo).length;
  const counts: FieldCount[] = [{ section, field: '(entries)', equal: both.length, total: all }];
  const totals = new Map<string, number>();
  for (const id of both) {
    for (const field of fieldsOf(dbt[id], velo[id])) {
      totals.set(field, (totals.get(field) ?? 0) + 1);
    }
  }
  for (const [field, total] of totals) {
    const isIn = ({ path }: Difference) => path === field || path.startsWith(`${field}.`);
    const unequal = new Set(differences.filter(isIn).map(({ id }) => id));
    counts.push({ section, field, equal: total - unequal.size, total });
  }
  return counts;
}

const fieldsOf = (dbt: unknown, velo: unknown): readonly string[] =>
  isRecord(dbt) && isRecord(velo) ? keysOf(dbt, velo) : ['value'];

/** Differences below a value; lists are compared whole, as their order is part of them. */
function valueDifferences(
  dbt: unknown,
  velo: unknown,
  path: readonly string[] = [],
): readonly Pick<Difference, 'path' | 'dbt' | 'velo'>[] {
  if (isRecord(dbt) && isRecord(velo)) {
    return keysOf(dbt, velo).flatMap((key) =>
      valueDifferences(dbt[key], velo[key], [...path, key]),
    );
  }
  if (canonical(dbt) === canonical(velo)) return [];
  // A plain entry has no fields: it is a field of its own.
  const isPlainEntry = path.length === 0 && dbt !== undefined && velo !== undefined;
  return [{ path: isPlainEntry ? 'value' : path.join('.'), dbt, velo }];
}

const isRecord = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keysOf = (one: Entries, other: Entries): readonly string[] => [
  ...new Set([...Object.keys(one), ...Object.keys(other)]),
];

/** JSON with keys in order: the order of keys means nothing in an artifact. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part,
  );

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;
