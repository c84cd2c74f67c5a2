import type { WireColumn, WireKind, WireType } from '../adapters/wire-type.ts';

/** A column that two tables have, and as what its values are fetched to be compared. */
export interface SharedColumn {
  readonly name: string;
  /** What the other table calls it: names ignore case. */
  readonly nameThere: string;
  readonly type: WireType;
  /** How far numbers may lie apart, relative to the larger one or to 1; 0 for what is exact. */
  readonly tolerance: number;
  /** JSON: the same in another spelling is the same. Its type is text. */
  readonly isDocument: boolean;
}

export interface SharedColumns {
  readonly common: readonly SharedColumn[];
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
}

/** Columns of two tables, matched by name. `leftOut` are not looked at; small letters. */
export function sharedColumns(
  here: readonly WireColumn[],
  there: readonly WireColumn[],
  leftOut: ReadonlySet<string> = new Set(),
): SharedColumns {
  const keyOf = ({ name }: WireColumn): string => name.toLowerCase();
  const isWanted = (column: WireColumn): boolean => !leftOut.has(keyOf(column));
  const [ours, theirs] = [here.filter(isWanted), there.filter(isWanted)];
  const byName = new Map(theirs.map((column) => [keyOf(column), column]));
  const names = new Set(ours.map(keyOf));
  return {
    common: ours.flatMap((column) => {
      const other = byName.get(keyOf(column));
      return other
        ? [{ name: column.name, nameThere: other.name, ...meeting(column.type, other.type) }]
        : [];
    }),
    onlyHere: ours.filter((column) => !byName.has(keyOf(column))).map(({ name }) => name),
    onlyThere: theirs.filter((column) => !names.has(keyOf(column))).map(({ name }) => name),
  };
}

type Meeting = Pick<SharedColumn, 'type' | 'tolerance' | 'isDocument'>;

const INTEGERS: ReadonlySet<WireKind> = new Set(['int2', 'int4', 'int8']);
const NUMBERS: ReadonlySet<WireKind> = new Set([...INTEGERS, 'float4', 'float8', 'numeric']);
const JSONS: ReadonlySet<WireKind> = new Set(['json', 'jsonb']);
const MOMENTS: ReadonlySet<WireKind> = new Set(['date', 'timestamp', 'timestamptz']);

/** Digits of an integer of 128 bits. */
const WIDEST = { kind: 'numeric', precision: 39, scale: 0 } as const;

const FLOAT8_TOLERANCE = 1e-9;
/** A float of 32 bits has seven digits. */
const FLOAT4_TOLERANCE = 1e-6;

/** The type in which values of two types can be compared: engines have their own for sums and averages. */
function meeting(here: WireType, there: WireType): Meeting {
  const kinds = [here.kind, there.kind];
  if (here.isList !== there.isList) return exact({ kind: 'text' });
  const isList = here.isList && { isList: true };
  if (kinds.some((kind) => JSONS.has(kind))) {
    return { type: { kind: 'text', ...isList }, tolerance: 0, isDocument: isList === undefined };
  }
  if (kinds.every((kind) => NUMBERS.has(kind))) {
    const { type, tolerance } = meetingNumbers(here, there);
    return { type: { ...type, ...isList }, tolerance, isDocument: false };
  }
  if (here.kind === there.kind) return exact(here);
  if (kinds.every((kind) => MOMENTS.has(kind))) return exact({ kind: 'timestamp', ...isList });
  return exact({ kind: 'text', ...isList });
}

const exact = (type: WireType): Meeting => ({ type, tolerance: 0, isDocument: false });

function meetingNumbers(here: WireType, there: WireType): Pick<Meeting, 'type' | 'tolerance'> {
  const kinds = [here.kind, there.kind];
  if (kinds.includes('float4')) return { type: { kind: 'float8' }, tolerance: FLOAT4_TOLERANCE };
  if (kinds.every((kind) => INTEGERS.has(kind))) return { type: { kind: 'int8' }, tolerance: 0 };
  if ([here, there].every(isWhole)) return { type: WIDEST, tolerance: 0 };
  const isSame = here.precision === there.precision && here.scale === there.scale;
  if (isSame && kinds.every((kind) => kind === 'numeric')) return { type: here, tolerance: 0 };
  return { type: { kind: 'float8' }, tolerance: FLOAT8_TOLERANCE };
}

const isWhole = ({ kind, scale }: WireType): boolean =>
  INTEGERS.has(kind) || (kind === 'numeric' && scale === 0);
