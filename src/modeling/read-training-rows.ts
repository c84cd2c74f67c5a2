import { createHash, type Hash } from 'node:crypto';
import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { Columns, ColumnValues, TypedColumns } from '../core/columns.ts';
import { ProjectError } from '../core/errors.ts';
import type { ClassValue, FeatureSchema } from '../core/model-version.ts';
import type { CellKind, ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import { answerOf } from '../estimators/answers.ts';
import { featureColumn } from '../estimators/encode-columns.ts';
import type { FeatureColumn } from '../estimators/estimator.ts';
import { checkFinite } from './check-finite.ts';
import type { ChosenFeature } from './choose-features.ts';
import { classTarget } from './class-values.ts';

/** Which columns play which part. */
export interface RowParts {
  /** What is learned: it says whether the target is a number or a class. */
  readonly objective: string;
  readonly target: string;
  /** Column that dates the rows. */
  readonly eventTime: string;
  /** Rows that belong together, such as the runners of a race. */
  readonly group: string | undefined;
  readonly weight: string | undefined;
  /** Decimal odds of the market baseline. */
  readonly price: string | undefined;
  /** What tells the rows apart: kept with the predictions, and the end of the order. */
  readonly key: readonly string[];
}

/** The rows of a train node by columns, ordered by day, group and key: the same rows are always in the same order. */
export interface TrainingRows {
  readonly rowCount: number;
  /** Column-major, NaN is missing; categories by their codes. */
  readonly features: readonly FeatureColumn[];
  /** The same features as the registry describes them. */
  readonly schema: readonly FeatureSchema[];
  /** Of classes their places in `classes`. */
  readonly target: Float64Array;
  /** What the target can be; undefined unless it is a class. */
  readonly classes: readonly ClassValue[] | undefined;
  /** Whole days since 1970-01-01. */
  readonly days: Int32Array;
  /** 0, 1, 2 … in the order of the rows, so that a group's rows stand together; undefined without groups. */
  readonly groups: Int32Array | undefined;
  readonly weight: Float64Array | undefined;
  readonly price: Float64Array | undefined;
  /** Key, group and date as they came, to be written beside the predictions. */
  readonly identity: TypedColumns;
  /** Hash of every value read, in order. */
  readonly fingerprint: string;
}

/**
 * Reads a SELECT straight into typed arrays; rows without a target are left out.
 * @throws ProjectError 'model-rows' for infinities, negative weights and rows without a date or group; DatabaseError
 */
export async function readTrainingRows(
  sql: string,
  columns: readonly ResultColumn[],
  features: readonly ChosenFeature[],
  parts: RowParts,
  { connection, dialect, span }: Pick<Reading, 'connection' | 'dialect' | 'span'>,
): Promise<TrainingRows> {
  const identityNames = [...new Set([...parts.key, parts.group, parts.eventTime])].flatMap(
    (name) => name ?? [],
  );
  const targetColumn = columns.find(({ name }) => name === parts.target);
  checkTargetType(targetColumn, parts, span);
  const query = matrixQuery(sql, columns, features, parts, identityNames, dialect);
  const read = await connection.readColumns(query, { shared: true });
  const hash = createHash('sha256');
  const reading: Reading = { connection, dialect, span, read, hash };
  const matrix = features.map((feature, index) => readFeature(feature, `f${index}`, reading));
  const rowCount = read['y']?.length ?? 0;
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const identity = Object.fromEntries(
    identityNames.map((name, index) => [
      name,
      { type: typeOf.get(name) ?? 'VARCHAR', values: noted(read[`k${index}`], hash) },
    ]),
  );
  const days = readDays(parts, reading);
  const rows = {
    rowCount,
    features: matrix,
    schema: matrix.map((column, index) => schemaOf(column, features[index]?.type ?? '')),
    ...readTarget(parts, targetColumn, reading),
    days,
    groups:
      parts.group === undefined ? undefined : groupNumbers(parts.group, read['g'], days, span),
    weight: parts.weight === undefined ? undefined : readWeights(parts.weight, reading),
    price: parts.price === undefined ? undefined : readNumbers('p', parts.price, reading),
    identity,
  };
  return { ...rows, fingerprint: hash.digest('hex').slice(0, 32) };
}

/** Numbers a model says of each row. */
export const outputsOf = ({ classes }: Pick<TrainingRows, 'classes'>): number =>
  classes?.length ?? 1;

interface Reading {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly span: Span;
  readonly read: Columns;
  readonly hash: Hash;
}

/** Features are cast by the engine: one kind of array, whatever their types. */
function matrixQuery(
  sql: string,
  columns: readonly ResultColumn[],
  features: readonly ChosenFeature[],
  parts: RowParts,
  identity: readonly string[],
  dialect: Dialect,
): string {
  const { quote } = dialect;
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const number = (name: string, as: string) =>
    `${dialect.doubleOf(quote(name), kinds.get(name) ?? 'float')} as ${as}`;
  const items = [
    ...features.map(({ name, kind }, index) =>
      kind === 'number' ? number(name, `f${index}`) : `${quote(name)} as f${index}`,
    ),
    isClass(parts) ? `${quote(parts.target)} as y` : number(parts.target, 'y'),
    `cast(${quote(parts.eventTime)} as date) as d`,
    ...(parts.group === undefined ? [] : [`${quote(parts.group)} as g`]),
    ...(parts.weight === undefined ? [] : [number(parts.weight, 'w')]),
    ...(parts.price === undefined ? [] : [number(parts.price, 'p')]),
    ...identity.map((name, index) => `${quote(name)} as k${index}`),
  ];
  const order = [parts.eventTime, parts.group, ...parts.key].flatMap((name) =>
    name === undefined ? [] : quote(name),
  );
  return `select ${items.join(',\n  ')}
from (\n${sql}\n) as velo_training
where ${quote(parts.target)} is not null
order by ${[...new Set(order)].join(', ')}`;
}

const isClass = ({ objective }: RowParts): boolean => answerOf(objective).kind === 'classes';

const NUMBERS: readonly (CellKind | undefined)[] = ['integer', 'decimal', 'float', 'boolean'];
const CLASSES: readonly (CellKind | undefined)[] = ['text', 'integer', 'boolean'];

function checkTargetType(column: ResultColumn | undefined, parts: RowParts, span: Span): void {
  const { target, objective } = parts;
  // A column that is not there is the engine's to tell of, with what there is.
  if (!column || (isClass(parts) ? CLASSES : NUMBERS).includes(column.kind)) return;
  const message = `the target '${target}' is ${column.type}, and objective '${objective}' learns`;
  throw isClass(parts)
    ? fail(
        `${message} text, whole numbers or booleans`,
        span,
        "objective='regression' learns amounts",
      )
    : fail(`${message} numbers`, span, "objective='multiclass' learns classes");
}

/** Codes of classes and, in their order, what they stand for; else numbers. */
function readTarget(
  parts: RowParts,
  column: ResultColumn | undefined,
  reading: Reading,
): Pick<TrainingRows, 'target' | 'classes'> {
  const { read, hash, span } = reading;
  const name = parts.target;
  if (!isClass(parts)) return { target: readNumbers('y', name, reading), classes: undefined };
  const { classes, codes } = classTarget(name, read['y'] ?? [], column?.kind, span);
  hash.update(JSON.stringify([name, classes]));
  hash.update(codes);
  return { target: codes, classes };
}

function readFeature({ name, kind }: ChosenFeature, as: string, reading: Reading): FeatureColumn {
  if (kind === 'number') return featureColumn(name, readNumbers(as, name, reading), false);
  const column = featureColumn(name, reading.read[as] ?? [], true);
  reading.hash.update(JSON.stringify([name, column.categories]));
  reading.hash.update(column.values);
  return column;
}

const schemaOf = ({ name, values, categories }: FeatureColumn, type: string): FeatureSchema => ({
  name,
  kind: categories ? 'category' : 'number',
  type,
  nullRate: nullRate(values),
  ...(categories ? { categories } : {}),
});

function nullRate(values: FeatureColumn['values']): number {
  let missing = 0;
  // Not by an iterator: there are tens of millions of them.
  for (let row = 0; row < values.length; row += 1) if (Number.isNaN(values[row])) missing += 1;
  return values.length === 0 ? 0 : missing / values.length;
}

function readNumbers(as: string, name: string, { read, hash, span }: Reading): Float64Array {
  const values = read[as] as Float64Array;
  checkFinite(name, values, span);
  hash.update(name);
  hash.update(values);
  return values;
}

function readWeights(name: string, reading: Reading): Float64Array {
  const weights = readNumbers('w', name, reading);
  if (weights.every((weight) => weight >= 0)) return weights;
  throw fail(
    `weight '${name}' is NULL or negative in some rows`,
    reading.span,
    'coalesce it to 0 or 1',
  );
}

function readDays({ eventTime }: RowParts, { read, span }: Reading): Int32Array {
  const days = read['d'];
  if (days instanceof Int32Array) return days;
  throw fail(
    `'${eventTime}' is NULL in some rows: they belong to no day`,
    span,
    `add where ${eventTime} is not null`,
  );
}

function groupNumbers(
  name: string,
  values: ColumnValues | undefined,
  days: Int32Array,
  span: Span,
): Int32Array {
  const groups = new Int32Array(values?.length ?? 0);
  const seen = new Set<unknown>();
  let last: unknown;
  for (let row = 0; row < groups.length; row += 1) {
    const value = values?.[row];
    if (value === null || value === undefined) {
      throw fail(
        `'${name}' is NULL in some rows: they belong to no group`,
        span,
        `add where ${name} is not null`,
      );
    }
    // Rows are ordered by date first: a group that comes up again has two dates.
    if (row === 0 || value !== last ? seen.has(value) : days[row] !== days[row - 1]) {
      throw fail(
        `group ${String(value)} of '${name}' has rows of several dates`,
        span,
        'a group is one event: check event_time',
      );
    }
    seen.add(value);
    last = value;
    groups[row] = seen.size - 1;
  }
  return groups;
}

function noted(values: ColumnValues | undefined, hash: Hash): ColumnValues {
  const column = values ?? [];
  if (ArrayBuffer.isView(column)) hash.update(column);
  else
    hash.update(
      JSON.stringify(column, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    );
  return column;
}

const fail = (message: string, span: Span, hint: string): ProjectError =>
  new ProjectError('model-rows', message, { span, hint });
