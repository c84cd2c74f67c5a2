import type { Connection, Dialect } from '../adapters/adapter.ts';
import type { Columns, ColumnValues, TypedColumn, TypedColumns } from '../core/columns.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { ProjectError } from '../core/errors.ts';
import type { RegistryContent } from '../core/model-version.ts';
import type { ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import { featureColumn, sharedColumn } from '../estimators/encode-columns.ts';
import type { FeatureColumn } from '../estimators/estimator.ts';
import { checkFinite } from './check-finite.ts';
import { type Answer, answersFor, type Candidate, candidatesFor } from './choose-answers.ts';
import type { ModelTools } from './model-tools.ts';
import { openModel } from './predict-bundle.ts';
import { type Prices, priceRows } from './price-rows.ts';
import { groupSizes } from './row-subset.ts';
import type { ScoreSettings } from './score-settings.ts';
import { strongestReasons } from './strongest-reasons.ts';

/** What scoring reads and asks with. */
export interface Scoring {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly registry: RegistryContent;
  readonly models: ModelTools;
  /** Name in the registry. */
  readonly name: string;
  readonly span: Span;
}

/**
 * Scores the rows of a SELECT: kept columns, what the model says, and which version said it. A row no version may speak
 * of has NULLs. @throws ProjectError 'unknown-model', 'feature-mismatch', 'model-config', 'model-artifact'; DatabaseError
 */
export async function scoreRows(
  sql: string,
  columns: readonly ResultColumn[],
  settings: ScoreSettings,
  scoring: Scoring,
): Promise<TypedColumns> {
  const { registry, models, name, span } = scoring;
  const candidates = await candidatesFor(
    name,
    settings.version,
    registry,
    models.artifactsDir,
    span,
  );
  const wanted = namesToRead(settings, candidates);
  for (const one of wanted.all) checkColumn(one, wanted.features, columns, name, span);
  checkCategories(candidates, columns, scoring);
  const read = await readSelect(sql, wanted, settings, columns, scoring);
  const days = settings.date === undefined ? undefined : daysOf(read, settings.date, span);
  const count = Object.values(read)[0]?.length ?? 0;
  const answers = answersFor(name, settings.version, candidates, count, days, registry);
  warnOfSeenRows(answers, days, scoring);
  warnOfNoFolds(answers, settings, candidates, count, scoring);
  const scores = await ask(answers, read, wanted.categories, count, settings, scoring);
  const prices = pricesOf(scores.p, read, wanted.within, settings);
  const types = new Map(columns.map((column) => [column.name, column.type]));
  return {
    ...Object.fromEntries(
      wanted.kept.map((kept): [string, TypedColumn] => [
        kept,
        { type: types.get(kept) ?? 'VARCHAR', values: read[kept] ?? [] },
      ]),
    ),
    p_win: { type: 'DOUBLE', values: scores.p },
    ...Object.fromEntries(
      Object.entries(prices).map(([column, values]) => [column, { type: 'DOUBLE', values }]),
    ),
    ...(settings.explain > 0 ? { reasons: { type: 'VARCHAR', values: scores.reasons } } : {}),
    model_id: { type: 'VARCHAR', values: scores.modelIds },
    data_fingerprint: { type: 'VARCHAR', values: scores.fingerprints },
  };
}

interface WantedColumns {
  readonly features: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly kept: readonly string[];
  /** Column probabilities add up to 1 within. */
  readonly within: string | undefined;
  readonly all: readonly string[];
}

function namesToRead(settings: ScoreSettings, candidates: readonly Candidate[]): WantedColumns {
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

function checkColumn(
  wanted: string,
  features: ReadonlySet<string>,
  columns: readonly ResultColumn[],
  model: string,
  span: Span,
): void {
  const names = columns.map(({ name }) => name);
  if (names.includes(wanted)) return;
  const message = features.has(wanted)
    ? `model '${model}' was trained with '${wanted}', which the SELECT does not have`
    : `the SELECT has no column '${wanted}'`;
  const hint = didYouMean(wanted, names) ?? `add '${wanted}' to the SELECT`;
  throw new ProjectError('feature-mismatch', message, { span, hint });
}

/** A category of text that comes as numbers would be of texts nobody has seen, all of them. */
function checkCategories(
  candidates: readonly Candidate[],
  columns: readonly ResultColumn[],
  { name: model, span }: Scoring,
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

/** All that is needed in one query, in the order of date, group and key: chances of a race stand together. */
function readSelect(
  sql: string,
  { all, features, categories, kept, within }: WantedColumns,
  { date, pricing }: ScoreSettings,
  columns: readonly ResultColumn[],
  { connection, dialect, span, name: model }: Scoring,
): Promise<Columns> {
  const { quote } = dialect;
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const prices = new Set([pricing?.odds, pricing?.places, pricing?.placeFraction]);
  const items = all.map((name) => {
    const isAmount = (features.has(name) && !categories.has(name)) || prices.has(name);
    if (!isAmount) return quote(name);
    const kind = kinds.get(name);
    if (kind && NUMBERS.has(kind))
      return `${dialect.doubleOf(quote(name), kind)} as ${quote(name)}`;
    const type = columns.find((column) => column.name === name)?.type;
    throw new ProjectError(
      'feature-mismatch',
      `'${name}' is ${type}; model '${model}' takes a number`,
      { span },
    );
  });
  // A key may hold for a whole race: what a bet may stake is shared out in the order of its rows.
  const order = [...new Set([date, within, ...kept].flatMap((name) => name ?? []))].map(quote);
  return connection.readColumns(
    `select ${items.join(',\n  ')}\nfrom (\n${sql}\n) as velo_scoring\norder by ${order.join(', ')}`,
  );
}

const DAY_US = 86_400_000_000n;

/** Whole days of a date or timestamp column. @throws ProjectError 'model-config' */
function daysOf(read: Columns, name: string, span: Span): Int32Array {
  const values = read[name];
  if (values instanceof Int32Array) return values;
  if (values instanceof BigInt64Array) return Int32Array.from(values, (us) => Number(us / DAY_US));
  if (values?.length === 0) return new Int32Array(0);
  throw new ProjectError('model-config', `'${name}' is not a date in every row`, { span });
}

interface Scores {
  readonly p: Float64Array;
  readonly reasons: (string | null)[];
  readonly modelIds: (string | null)[];
  readonly fingerprints: (string | null)[];
}

async function ask(
  answers: readonly Answer[],
  read: Columns,
  categories: ReadonlySet<string>,
  count: number,
  { explain }: ScoreSettings,
  { models, span }: Scoring,
): Promise<Scores> {
  const nothing = () => new Array<string | null>(count).fill(null);
  const scores: Scores = {
    p: new Float64Array(count).fill(Number.NaN),
    reasons: nothing(),
    modelIds: nothing(),
    fingerprints: nothing(),
  };
  const options = { threads: models.threads, signal: models.signal };
  for (const { version, bundle, model, rows } of answers) {
    await using open = await openModel(models.estimators, bundle, model);
    const features = bundle.features.map((feature) => {
      const column = featureColumn(
        feature.name,
        read[feature.name] ?? [],
        categories.has(feature.name),
      );
      checkFinite(feature.name, column.values, span);
      return someRows(column, rows);
    });
    const groups = bundle.normaliseWithin === undefined ? undefined : read[bundle.normaliseWithin];
    const within = groups && Array.from(rows, (row) => groups[row] as string);
    const asked = {
      count: rows.length,
      features,
      ...(within ? { within, groups: groupSizes(within) } : {}),
    };
    const { p } = await open.predict(asked, options);
    const reasons =
      explain > 0
        ? strongestReasons(await open.contributions(asked, options), features, explain)
        : [];
    for (const [at, row] of rows.entries()) {
      scores.p[row] = p[at] as number;
      scores.reasons[row] = reasons[at] ?? null;
      scores.modelIds[row] = version.modelId;
      scores.fingerprints[row] = version.dataFingerprint;
    }
  }
  return scores;
}

function someRows(column: FeatureColumn, rows: Int32Array): FeatureColumn {
  if (rows.length === column.values.length) return column;
  const values = sharedColumn(rows.length);
  for (const [at, row] of rows.entries()) values[at] = column.values[row] as number;
  return { ...column, values };
}

/** A model foretells what it has learned by heart better than it should. */
function warnOfSeenRows(
  answers: readonly Answer[],
  days: Int32Array | undefined,
  { models, name, span }: Scoring,
): void {
  if (!days) return;
  const seen = answers.reduce(
    (count, { model, rows }) =>
      count + rows.filter((row) => (days[row] as number) < model.from).length,
    0,
  );
  if (seen === 0) return;
  models.warn(
    `${seen} rows are of days model '${name}' was trained on: its answers look better than they are; version='folds' asks models that have not seen them`,
    span,
  );
}

/** Folds of groups foretell nobody's past; nor does a single one, which nothing was learned before. */
function warnOfNoFolds(
  answers: readonly Answer[],
  { version }: ScoreSettings,
  candidates: readonly Candidate[],
  count: number,
  { models, name, span }: Scoring,
): void {
  const silent = answers.reduce((left, { rows }) => left - rows.length, count);
  if (version.by !== 'folds' || silent === 0) return;
  if (candidates.some(({ bundle }) => bundle.folds.length > 0)) return;
  models.warn(
    `${silent} rows have no answer: model '${name}' has no folds that may speak of days before its test; walk_forward, expanding or purged with two folds make them`,
    span,
  );
}

function pricesOf(
  p: Float64Array,
  read: Columns,
  within: string | undefined,
  { pricing, date }: ScoreSettings,
): Prices {
  if (!pricing) return {};
  const column = (name: string | undefined) =>
    name === undefined ? undefined : (read[name] as Float64Array);
  const rows = (name: string | undefined): ColumnValues =>
    (name === undefined ? undefined : read[name]) ?? Int32Array.from(p, (_, row) => row);
  return priceRows(
    {
      p,
      odds: column(pricing.odds),
      places: column(pricing.places),
      placeFraction: column(pricing.placeFraction),
      race: rows(within) as ArrayLike<string>,
      day: (date === undefined ? new Int32Array(p.length) : rows(date)) as ArrayLike<string>,
    },
    pricing,
  );
}
