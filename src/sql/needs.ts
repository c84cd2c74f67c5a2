import type { At } from './tree.ts';

/** A column of one relation as it stands in one place of a query. */
export type Variable = number;

/** Why a row of a date may depend on which other dates are built with it. */
export interface Reason {
  readonly message: string;
  readonly at: At;
}

/**
 * What must hold for a row so that it is the same whether its date is built alone or with others. Times are
 * milliseconds from the start of that date, both ends inclusive.
 */
export type Need =
  | {
      readonly kind: 'time';
      readonly of: Variable;
      readonly from: number;
      readonly to: number;
      readonly why: Reason;
    }
  /** A row of the relation with these values belongs to the date. */
  | {
      readonly kind: 'member';
      readonly relation: number;
      readonly keys: readonly { readonly of: Variable; readonly name: string }[];
      readonly why: Reason;
    }
  | { readonly kind: 'never'; readonly why: Reason };

/** `a <= b + atMost`, in milliseconds, for every row; equal columns have two, of 0. */
export interface Fact {
  readonly a: Variable;
  readonly b: Variable;
  readonly atMost: number;
}

/** Rows hold a row of another relation, with these of its columns. */
export interface Origin {
  readonly relation: number;
  readonly columns: ReadonlyMap<string, Variable>;
}

export const equalTo = (a: Variable, b: Variable, shift = 0): readonly Fact[] => [
  { a, b, atMost: shift },
  { a: b, b: a, atMost: -shift },
];

/** The least `k` with `of <= x + k`, for each `x` the facts tell of. */
export function highest(of: Variable, facts: readonly Fact[]): ReadonlyMap<Variable, number> {
  return nearest(
    of,
    facts.map(({ a, b, atMost }) => [a, b, atMost] as const),
  );
}

/** The least `k` with `x <= of + k`, for each `x` the facts tell of. */
function lowest(of: Variable, facts: readonly Fact[]): ReadonlyMap<Variable, number> {
  return nearest(
    of,
    facts.map(({ a, b, atMost }) => [b, a, atMost] as const),
  );
}

/** Shortest ways (Bellman-Ford); a contradiction of facts ends after as many rounds as there are facts. */
function nearest(
  from: Variable,
  ways: readonly (readonly [Variable, Variable, number])[],
): ReadonlyMap<Variable, number> {
  const found = new Map([[from, 0]]);
  for (let round = 0, changed = true; changed && round <= ways.length; round += 1) {
    changed = false;
    for (const [a, b, length] of ways) {
      const known = found.get(a);
      if (known === undefined || known + length >= (found.get(b) ?? Number.POSITIVE_INFINITY))
        continue;
      found.set(b, known + length);
      changed = true;
    }
  }
  return found;
}

/**
 * What rows need to be the same but for padding: rows that other dates of a batch may add, in which `nulls` are NULL, so
 * that sums, extremes and counts of them do not notice.
 */
export interface Padding {
  readonly needs: readonly Need[];
  readonly nulls: ReadonlySet<Variable>;
}

export interface Known {
  readonly facts: readonly Fact[];
  readonly origins: readonly Origin[];
}

export const isEqual = (a: Variable, b: Variable, { facts }: Known): boolean =>
  a === b || (highest(a, facts).get(b) === 0 && lowest(a, facts).get(b) === 0);

/**
 * The needs said of columns that are kept, through what is known of their order; what cannot be said so becomes
 * `lost`: the dates of such rows are no longer known.
 */
export function carryOver(
  needs: readonly Need[],
  known: Known,
  isKept: (of: Variable) => boolean,
  lost: Reason,
): readonly Need[] {
  return unique(
    needs.flatMap((need): readonly Need[] => {
      if (need.kind === 'never') return [need];
      if (need.kind === 'member') {
        return carryMember(need, known, isKept) ?? [{ kind: 'never', why: need.why }];
      }
      return carryTime(need, known, isKept) ?? [{ kind: 'never', why: lost }];
    }),
  );
}

type Kept = (of: Variable) => boolean;

function carryTime(
  need: Extract<Need, { kind: 'time' }>,
  { facts }: Known,
  isKept: Kept,
): readonly Need[] | undefined {
  if (isKept(need.of)) return [need];
  const { from, to, why } = need;
  const carried: Need[] = [];
  if (to < Number.POSITIVE_INFINITY) {
    const above = nearestKept(highest(need.of, facts), isKept);
    if (!above) return undefined;
    carried.push({
      kind: 'time',
      of: above[0],
      from: Number.NEGATIVE_INFINITY,
      to: to - above[1],
      why,
    });
  }
  if (from > Number.NEGATIVE_INFINITY) {
    const below = nearestKept(lowest(need.of, facts), isKept);
    if (!below) return undefined;
    carried.push({
      kind: 'time',
      of: below[0],
      from: from + below[1],
      to: Number.POSITIVE_INFINITY,
      why,
    });
  }
  return carried;
}

const nearestKept = (
  found: ReadonlyMap<Variable, number>,
  isKept: Kept,
): readonly [Variable, number] | undefined =>
  [...found].filter(([of]) => isKept(of)).sort(([, a], [, b]) => Math.abs(a) - Math.abs(b))[0];

function carryMember(
  need: Extract<Need, { kind: 'member' }>,
  known: Known,
  isKept: Kept,
): readonly Need[] | undefined {
  // A row of that relation stands in the same row: whatever it needs is needed already.
  const isThere = known.origins.some(
    ({ relation, columns }) =>
      relation === need.relation &&
      need.keys.every(({ of, name }) => {
        const held = columns.get(name);
        return held !== undefined && isEqual(of, held, known);
      }),
  );
  if (isThere) return [];
  const keys = need.keys.map(({ of, name }) => {
    const kept = isKept(of)
      ? of
      : [...highest(of, known.facts).keys()].find((one) => isKept(one) && isEqual(of, one, known));
    return kept === undefined ? undefined : { of: kept, name };
  });
  const all = keys.filter((key) => key !== undefined);
  return all.length === keys.length ? [{ ...need, keys: all }] : undefined;
}

/** Without those that say the same. */
export function unique(needs: readonly Need[]): readonly Need[] {
  const byText = new Map(needs.map((need) => [textOf(need), need]));
  return [...byText.values()];
}

function textOf(need: Need): string {
  if (need.kind === 'never') return `${need.why.at} ${need.why.message}`;
  if (need.kind === 'time') return `${need.of} ${need.from} ${need.to}`;
  return `in ${need.relation} ${need.keys.map(({ of, name }) => `${of} ${name}`)}`;
}
