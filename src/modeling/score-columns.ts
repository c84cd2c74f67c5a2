import type { Dialect } from '../adapters/adapter.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import type { Candidate } from './choose-answers.ts';
import type { ScoreSettings } from './score-settings.ts';

/** Which columns of the SELECT scoring reads, and what for. */
export interface WantedColumns {
  readonly features: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly kept: readonly string[];
  /** Column probabilities add up to 1 within. */
  readonly within: string | undefined;
  readonly all: readonly string[];
}

/** What the candidates and the settings ask for. */
export function wantedColumns(
  settings: ScoreSettings,
  candidates: readonly Candidate[],
): WantedColumns {
  const features = candidates.flatMap(({ bundle }) => bundle.features);
  const within = candidates.find(({ bundle }) => bundle.normaliseWithin)?.bundle.normaliseWithin;
  const { odds, places, placeFraction } = settings.pricing ?? {};
  const priced = [odds, places, placeFraction].flatMap((name) => name ?? []);
  const kept = [
    ...new Set([...settings.key, settings.date ?? [], ...settings.keep, odds ?? []].flat()),
  ];
  const names = new Set(features.map(({ name }) => name));
  return {
    features: names,
    categories: new Set(features.flatMap(({ name, kind }) => (kind === 'category' ? name : []))),
    kept,
    within,
    all: [...new Set([...kept, within ?? [], ...priced, ...names].flat())],
  };
}

/** @throws ProjectError 'feature-mismatch' for a column the SELECT does not have */
export function checkColumns(
  { all, features }: WantedColumns,
  columns: readonly ResultColumn[],
  model: string,
  span: Span,
): void {
  const names = columns.map(({ name }) => name);
  for (const wanted of all) checkColumn(wanted, features, names, model, span);
}

function checkColumn(
  wanted: string,
  features: ReadonlySet<string>,
  names: readonly string[],
  model: string,
  span: Span,
): void {
  if (names.includes(wanted)) return;
  const message = features.has(wanted)
    ? `model '${model}' was trained with '${wanted}', which the SELECT does not have`
    : `the SELECT has no column '${wanted}'`;
  const hint = didYouMean(wanted, names) ?? `add '${wanted}' to the SELECT`;
  throw new ProjectError('feature-mismatch', message, { span, hint });
}

/**
 * A category of text that comes as numbers would be of texts nobody has seen, all of them.
 * @throws ProjectError 'feature-mismatch'
 */
export function checkCategories(
  candidates: readonly Candidate[],
  columns: readonly ResultColumn[],
  model: string,
  span: Span,
): void {
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const { name, kind, type } of candidates.flatMap(({ bundle }) => bundle.features)) {
    const found = byName.get(name);
    if (kind !== 'category' || !found || !CATEGORIES.has(type) || found.kind === type) continue;
    throw new ProjectError(
      'feature-mismatch',
      `'${name}' is ${found.type}; model '${model}' learned it as a category of ${type}`,
      { span, hint: `cast it to ${type}, as it was in training` },
    );
  }
}

/** Kinds a category can have; models of before these were noted have the engine's words, which are not compared. */
const CATEGORIES: ReadonlySet<string> = new Set(['text', 'integer', 'boolean']);

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'decimal', 'float', 'boolean']);

/** The SELECT of just these columns: features and prices as doubles. @throws ProjectError 'feature-mismatch' */
export function scoringQuery(
  sql: string,
  { all, features, categories }: WantedColumns,
  { pricing }: ScoreSettings,
  columns: readonly ResultColumn[],
  { quote, doubleOf }: Dialect,
  model: string,
  span: Span,
): string {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const prices = new Set([pricing?.odds, pricing?.places, pricing?.placeFraction]);
  const items = all.map((name) => {
    const isAmount = (features.has(name) && !categories.has(name)) || prices.has(name);
    if (!isAmount) return quote(name);
    const kind = kinds.get(name);
    if (kind && NUMBERS.has(kind)) return `${doubleOf(quote(name), kind)} as ${quote(name)}`;
    const type = columns.find((column) => column.name === name)?.type;
    throw new ProjectError(
      'feature-mismatch',
      `'${name}' is ${type}; model '${model}' takes a number`,
      { span },
    );
  });
  return `select ${items.join(',\n  ')}\nfrom (\n${sql}\n) as velo_scoring`;
}
