import type { ColumnValues, TypedColumn, TypedColumns } from '../core/columns.ts';
import { ProjectError } from '../core/errors.ts';
import { likeliest } from '../core/likeliest.ts';
import type { ClassValue } from '../core/model-version.ts';
import type { CellKind } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';

/** A target of classes: what it can be, and the place of each row's among them. */
export interface ClassTarget {
  /** Ascending. */
  readonly classes: readonly ClassValue[];
  readonly codes: Float64Array;
}

/** More are amounts or names, and as many trees a round and columns of chances. */
const MOST_CLASSES = 100;

/**
 * The classes among the values of a target without NULLs.
 * @throws ProjectError 'model-rows' for too many, and for two whose columns would have one name
 */
export function classTarget(
  name: string,
  values: ColumnValues,
  kind: CellKind | undefined,
  span: Span,
): ClassTarget {
  const read = Array.from(values, (value) => classOf(value, kind));
  const classes = [...new Set(read)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (classes.length > MOST_CLASSES) {
    throw fail(
      `'${name}' has ${classes.length} values, and classes can be ${MOST_CLASSES} at most`,
      span,
      "objective='regression' learns amounts; rare classes can be one: case when … else 'other' end",
    );
  }
  checkColumns(classes, span);
  const codes = new Map(classes.map((value, code) => [value, code]));
  return { classes, codes: Float64Array.from(read, (value) => codes.get(value) as number) };
}

/** Whole numbers that come as bigint are numbers where these hold them. */
function classOf(value: unknown, kind: CellKind | undefined): ClassValue {
  if (kind === 'boolean') return Boolean(value);
  if (typeof value === 'bigint') {
    return value === BigInt(Number(value)) ? Number(value) : String(value);
  }
  return value as ClassValue;
}

/** The column with the chance of a class: `p_` and its letters and digits. */
const classColumn = (value: ClassValue): string =>
  `p_${String(value)
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .toLowerCase()}`;

function checkColumns(classes: readonly ClassValue[], span: Span): void {
  const byColumn = new Map<string, ClassValue>();
  for (const value of classes) {
    const column = classColumn(value);
    const other = byColumn.get(column);
    if (other !== undefined) {
      throw fail(
        `the chances of classes '${other}' and '${value}' would both be column ${column}`,
        span,
        'make them one class, or write one of them otherwise',
      );
    }
    byColumn.set(column, value);
  }
}

/** The likeliest class of each row, NULL where nothing was said, and the chance of each class. `p`: row after row. */
export function classColumns(p: Float64Array, classes: readonly ClassValue[]): TypedColumns {
  const { length } = classes;
  const chosen = Array.from(likeliest(p, length), (code, row) =>
    Number.isNaN(p[row * length]) ? null : (classes[code] as ClassValue),
  );
  const chance = (code: number) =>
    Float64Array.from({ length: chosen.length }, (_, row) => p[row * length + code] as number);
  return {
    predicted: typedClasses(chosen, classes),
    ...Object.fromEntries(
      classes.map((value, code) => [classColumn(value), { type: 'DOUBLE', values: chance(code) }]),
    ),
  };
}

/** Classes as they were in the rows: text, whole numbers or booleans. */
export function typedClasses(
  values: readonly (ClassValue | null)[],
  classes: readonly ClassValue[],
): TypedColumn {
  const isAll = (type: string) => classes.every((value) => typeof value === type);
  if (isAll('boolean')) return { type: 'BOOLEAN', values: values.map((one) => one && Number(one)) };
  if (!isAll('number')) return { type: 'VARCHAR', values };
  return { type: 'BIGINT', values: values.map((one) => (one === null ? null : BigInt(one))) };
}

const fail = (message: string, span: Span, hint: string): ProjectError =>
  new ProjectError('model-rows', message, { span, hint });
