import type { PermutationReport } from '../core/model-version.ts';
import { seededRandom } from '../core/random.ts';
import { sharedColumn } from '../estimators/encode-columns.ts';
import type { FeatureColumn, LabelledRows } from '../estimators/estimator.ts';
import { bootstrap, estimate, type Sample } from '../metrics/bootstrap.ts';
import { type JudgedRows, judgedRows } from '../metrics/judged-rows.ts';
import type { Measure } from '../metrics/metric.ts';
import type { ModelBundle, StoredModel } from './model-bundle.ts';
import type { ModelTools } from './model-tools.ts';
import type { PermutationSettings } from './permutation-settings.ts';
import { type OpenModel, openModel } from './predict-bundle.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { labelledRows, pick, pickInts } from './row-subset.ts';
import type { Yardstick } from './yardstick.ts';

/** Rows, and a model that has not seen them. */
export interface AskedPart {
  readonly model: StoredModel;
  /** Ascending, groups whole. */
  readonly rows: Int32Array;
}

/**
 * By how much the metric is worse when the values of one feature are shuffled, for each feature: the mean of the repeats,
 * its interval by bootstrap over days. What no tree looks at is exactly 0, as is, shuffled within groups, what is the same
 * in a whole group. Answers are those users see: calibrated and normalised.
 * @throws ProjectError 'interrupted'
 */
export async function permutationImportance(
  bundle: ModelBundle,
  rows: TrainingRows,
  parts: readonly AskedPart[],
  settings: PermutationSettings & { readonly seed: number },
  { target }: Pick<Yardstick, 'target'>,
  models: Pick<ModelTools, 'estimators' | 'threads' | 'signal'>,
  say: (progress: string) => void,
): Promise<PermutationReport> {
  const { metric, repeats, within, seed } = settings;
  const asked = await openParts(bundle, rows, parts, models);
  try {
    const judged = judgedOf(rows, parts, target);
    const measure = async (feature?: number, random?: () => number): Promise<Measure> => {
      const answers = await answersOf(asked, within, models, feature, random);
      return metric.prepare(answers, judged);
    };
    const base = await measure();
    const seeds = seededRandom(seed);
    const features: PermutationReport['features'][number][] = [];
    for (const [index, { name }] of rows.features.entries()) {
      say(`shuffling feature ${index + 1} of ${rows.features.length}, ${name}`);
      const shuffled: Measure[] = [];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        shuffled.push(await measure(index, seededRandom(seeds() * 2 ** 32)));
      }
      const sign = metric.better === 'lower' ? 1 : -1;
      // Repeat by repeat: what changes nothing is 0 and not nearly so.
      const worse = (times: Int32Array) => {
        const before = base(times);
        return (sign * shuffled.reduce((sum, one) => sum + (one(times) - before), 0)) / repeats;
      };
      const [sample] = bootstrap([worse], judged.days.count, { seed });
      features.push({ feature: name, ...stated(sample as Sample) });
    }
    return {
      ...{ rows: settings.rows, metric: metric.name, within, repeats },
      features: features.sort((a, b) => b.value - a.value),
    };
  } finally {
    for (const { model } of asked) await model[Symbol.asyncDispose]();
  }
}

interface OpenPart {
  readonly model: OpenModel;
  readonly rows: LabelledRows & { readonly within: Int32Array | undefined };
}

async function openParts(
  bundle: ModelBundle,
  rows: TrainingRows,
  parts: readonly AskedPart[],
  { estimators }: Pick<ModelTools, 'estimators'>,
): Promise<readonly OpenPart[]> {
  const opened: OpenPart[] = [];
  for (const part of parts) {
    const within = rows.groups && pickInts(rows.groups, part.rows);
    const model = await openModel(estimators, bundle, part.model);
    opened.push({ model, rows: { ...labelledRows(rows, part.rows), within } });
  }
  return opened;
}

function judgedOf(
  rows: TrainingRows,
  parts: readonly AskedPart[],
  target: Yardstick['target'],
): JudgedRows {
  const all = Int32Array.from(parts.flatMap((part) => [...part.rows]));
  return judgedRows(
    {
      y: pick(rows.target, all),
      classes: rows.classes?.length,
      race: rows.groups ? pickInts(rows.groups, all) : all,
      day: pickInts(rows.days, all),
    },
    target,
  );
}

/** What is said of all rows, one part after the other; with `feature` as its values are after shuffling. */
async function answersOf(
  parts: readonly OpenPart[],
  within: PermutationSettings['within'],
  { threads, signal }: Pick<ModelTools, 'threads' | 'signal'>,
  feature?: number,
  random?: () => number,
): Promise<Float64Array> {
  const answers: Float64Array[] = [];
  for (const { model, rows } of parts) {
    const features = rows.features.map((column, index) =>
      index === feature && random
        ? shuffled(column, within === 'group' ? rows.groups : undefined, random)
        : column,
    );
    const { p } = await model.predict({ ...rows, features }, { threads, signal });
    answers.push(p);
  }
  return joined(answers);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The values in another order (Fisher & Yates), within each group where `sizes` says how many rows each has. */
function shuffled(
  { values, ...feature }: FeatureColumn,
  sizes: Int32Array | undefined,
  random: () => number,
): FeatureColumn {
  const column = sharedColumn(values.length);
  column.set(values);
  let from = 0;
  for (const size of sizes ?? [values.length]) {
    for (let last = size - 1; last > 0; last -= 1) {
      const [a, b] = [from + last, from + Math.floor(random() * (last + 1))];
      [column[a], column[b]] = [column[b] as number, column[a] as number];
    }
    from += size;
  }
  return { ...feature, values: column };
}

function stated(sample: Sample): { value: number; lower?: number; upper?: number } {
  const { value, lower, upper } = estimate(sample);
  return Number.isFinite(lower) && Number.isFinite(upper) ? { value, lower, upper } : { value };
}
