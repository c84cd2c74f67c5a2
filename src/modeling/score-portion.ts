import type { Columns, TypedColumn, TypedColumns } from '../core/columns.ts';
import { ProjectError } from '../core/errors.ts';
import { likeliest } from '../core/likeliest.ts';
import type { ResultColumn } from '../core/result-table.ts';
import type { Span } from '../core/span.ts';
import { featureColumn, sharedColumn } from '../estimators/encode-columns.ts';
import type { FeatureColumn } from '../estimators/estimator.ts';
import type { StakedByDay } from '../pricing/kelly-stakes.ts';
import { answerColumns } from './answer-columns.ts';
import { checkFinite } from './check-finite.ts';
import type { Answer } from './choose-answers.ts';
import type { ModelBundle } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import type { OpenModels } from './open-models.ts';
import { type Prices, priceRows } from './price-rows.ts';
import { groupSizes, pickInts } from './row-subset.ts';
import type { WantedColumns } from './score-columns.ts';
import type { ScoreSettings } from './score-settings.ts';
import { strongestReasons } from './strongest-reasons.ts';

/** Rows to score, in their order, groups whole. */
export interface Card {
  readonly count: number;
  readonly read: Columns;
  /** Of each row, since 1970-01-01; undefined: rows have no date. */
  readonly days: Int32Array | undefined;
  /** The group of each row on its date, 0, 1, 2 …; undefined: there are no groups. */
  readonly groups: Int32Array | undefined;
}

/** @throws ProjectError 'model-config' for a date that is none */
export function cardOf(
  read: Columns,
  { within }: WantedColumns,
  { date }: ScoreSettings,
  span: Span,
): Card {
  const count = Object.values(read)[0]?.length ?? 0;
  const days = date === undefined ? undefined : daysOf(read, date, span);
  const together = [date, within].map((name) => (name === undefined ? undefined : read[name]));
  const groups = within === undefined ? undefined : new Int32Array(count);
  for (let row = 1; groups && row < count; row += 1) {
    const isNext = together.some((values) => values && values[row] !== values[row - 1]);
    groups[row] = (groups[row - 1] as number) + (isNext ? 1 : 0);
  }
  return { count, read, days, groups };
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

/** What a portion is scored with. */
export interface Asking {
  /** What all who answer are asked: a chance, a number, or one of classes. */
  readonly asked: Pick<ModelBundle, 'objective' | 'classes'>;
  readonly answers: readonly Answer[];
  readonly open: OpenModels;
  readonly models: Pick<ModelTools, 'threads' | 'signal'>;
  /** Of the SELECT. */
  readonly columns: readonly ResultColumn[];
  readonly wanted: WantedColumns;
  readonly settings: ScoreSettings;
  /** What is staked by portions before; this one's stakes are added. */
  readonly staked: StakedByDay;
  /** Rows that portions before had. */
  readonly before: number;
  readonly span: Span;
}

/** The columns of the node's table for these rows. */
export async function scorePortion(card: Card, asking: Asking): Promise<TypedColumns> {
  const { wanted, settings, columns } = asking;
  const scores = await ask(card, asking);
  const prices = pricesOf(scores.p, card, asking);
  const types = new Map(columns.map((column) => [column.name, column.type]));
  return {
    ...Object.fromEntries(
      wanted.kept.map((kept): [string, TypedColumn] => [
        kept,
        { type: types.get(kept) ?? 'VARCHAR', values: card.read[kept] ?? [] },
      ]),
    ),
    ...answerColumns(asking.asked, scores.p, 'p_win'),
    ...Object.fromEntries(
      Object.entries(prices).map(([column, values]) => [column, { type: 'DOUBLE', values }]),
    ),
    ...(settings.explain > 0 ? { reasons: { type: 'VARCHAR', values: scores.reasons } } : {}),
    model_id: { type: 'VARCHAR', values: scores.modelIds },
    data_fingerprint: { type: 'VARCHAR', values: scores.fingerprints },
  };
}

interface Scores {
  /** Answers row after row; NaN where nobody speaks. */
  readonly p: Float64Array;
  readonly reasons: (string | null)[];
  readonly modelIds: (string | null)[];
  readonly fingerprints: (string | null)[];
}

async function ask(
  { count, read, groups }: Card,
  {
    asked: { classes },
    answers,
    open,
    models,
    wanted,
    settings: { explain },
    before,
    span,
  }: Asking,
): Promise<Scores> {
  const outputs = classes?.length ?? 1;
  const nothing = () => new Array<string | null>(count).fill(null);
  const scores: Scores = {
    p: new Float64Array(count * outputs).fill(Number.NaN),
    reasons: nothing(),
    modelIds: nothing(),
    fingerprints: nothing(),
  };
  const options = { threads: models.threads, signal: models.signal };
  for (const { version, bundle, model, rows } of answers) {
    const asked = await open.of(bundle, model);
    const features = bundle.features.map(({ name }) => {
      const column = featureColumn(name, read[name] ?? [], wanted.categories.has(name));
      checkFinite(name, column.values, span, before);
      return someRows(column, rows);
    });
    const within = bundle.normaliseWithin !== undefined && groups && pickInts(groups, rows);
    const some = {
      count: rows.length,
      features,
      ...(within ? { within, groups: groupSizes(within) } : {}),
    };
    const { p } = await asked.predict(some, options);
    const reasons =
      explain > 0
        ? strongestReasons(
            await asked.contributions(some, options),
            features,
            explain,
            likeliest(p, outputs),
          )
        : [];
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] as number;
      scores.p.set(p.subarray(at * outputs, (at + 1) * outputs), row * outputs);
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

function pricesOf(
  p: Float64Array,
  { read, days, groups, count }: Card,
  { settings: { pricing }, staked }: Asking,
): Prices {
  if (!pricing) return {};
  const column = (name: string | undefined) =>
    name === undefined ? undefined : (read[name] as Float64Array);
  return priceRows(
    {
      p,
      odds: column(pricing.odds),
      places: column(pricing.places),
      placeFraction: column(pricing.placeFraction),
      race: groups ?? Int32Array.from(p, (_, row) => row),
      day: days ?? new Int32Array(count),
    },
    pricing,
    staked,
  );
}
