import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { CellKind, ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';

/** What a train node says of its columns. */
export interface FeatureRequest {
  /** Only these, in this order; undefined: every column that is left. */
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
  /** Features that are names and not amounts. */
  readonly categorical: readonly string[];
  /** Columns with a part of their own: target, group, dates, keys, prices. */
  readonly taken: ReadonlySet<string>;
  /** Columns that hold what is known only afterwards, and where that is said. */
  readonly outcomes: ReadonlyMap<string, string>;
}

/** A column to train on. */
export interface ChosenFeature {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** Not the engine's word: a model is the same wherever its rows came from. */
  readonly type: CellKind;
}

const NUMBERS: ReadonlySet<CellKind> = new Set(['integer', 'decimal', 'float', 'boolean']);

/**
 * The features among the columns of a train node's SELECT, in the order of `include` or else of the SELECT.
 * @throws ProjectError 'model-features' for names that are no columns, outcomes, and types that are no features
 */
export function chooseFeatures(
  columns: readonly ResultColumn[],
  request: FeatureRequest,
  span: Span,
): readonly ChosenFeature[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const named = [...(request.include ?? []), ...request.exclude, ...request.categorical];
  for (const name of named) if (!byName.has(name)) throw unknownColumn(name, columns, span);
  const excluded = new Set(request.exclude);
  const isLeft = ({ name }: ResultColumn) => !request.taken.has(name) && !excluded.has(name);
  const chosen = request.include
    ? request.include.flatMap((name) => byName.get(name) ?? [])
    : columns.filter(isLeft);
  const categorical = new Set(request.categorical);
  const features = chosen.map((column) => featureOf(column, categorical, request, span));
  if (features.length > 0) return features;
  throw fail('no column is left to train on', span, 'name some under features');
}

function featureOf(
  { name, kind, type }: ResultColumn,
  categorical: ReadonlySet<string>,
  { outcomes, taken }: FeatureRequest,
  span: Span,
): ChosenFeature {
  const outcome = outcomes.get(name);
  if (outcome !== undefined) {
    throw fail(
      `feature '${name}' is known only after the event: ${outcome}`,
      span,
      excludeIt(name),
    );
  }
  if (taken.has(name)) {
    throw fail(
      `'${name}' cannot be a feature: it has another part in training`,
      span,
      excludeIt(name),
    );
  }
  if (categorical.has(name)) {
    if (kind === 'text' || kind === 'integer' || kind === 'boolean')
      return { name, kind: 'category', type: kind };
    throw fail(
      `'${name}' is ${type} and cannot be categorical`,
      span,
      'only text and whole numbers can',
    );
  }
  if (NUMBERS.has(kind)) return { name, kind: 'number', type: kind };
  const hint =
    kind === 'text' ? `add '${name}' to categorical, or to features.exclude` : excludeIt(name);
  throw fail(`feature '${name}' is ${type}, which is no number`, span, hint);
}

const excludeIt = (name: string): string => `add '${name}' to features.exclude`;

const unknownColumn = (
  name: string,
  columns: readonly ResultColumn[],
  span: Span,
): ProjectError => {
  const names = columns.map((column) => column.name);
  const hint = didYouMean(name, names) ?? `the SELECT has ${names.join(', ')}`;
  return fail(`'${name}' is not a column of the SELECT`, span, hint);
};

const fail = (message: string, span: Span, hint: string): ProjectError =>
  new ProjectError('model-features', message, { span, hint });
