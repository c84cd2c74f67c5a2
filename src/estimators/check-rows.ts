import { ProjectError } from '../core/errors.ts';
import type { TargetKind } from '../lightgbm/objectives.ts';
import type { FeatureColumn, LabelledRows } from './estimator.ts';

/** LightGBM's largest rank: its gain is 2 to that power, and the list of gains ends there. */
const HIGHEST_RANK = 30;

/**
 * Makes sure that rows can be learned from. Returns what is odd and harmless: features that say nothing.
 * @throws ProjectError 'training-data' with the column
 */
export function checkRows(rows: LabelledRows, kind: TargetKind): string[] {
  if (rows.count === 0) throw unusable('there are no rows');
  if (rows.target.length !== rows.count) throw new Error('target and rows differ in length');
  checkTarget(rows.target, kind);
  checkGroups(rows, kind);
  checkWeights(rows.weights);
  const useless = rows.features.flatMap(checkFeature);
  if (useless.length === 0) return [];
  return [`features that tell nothing and can be left out: ${useless.join(', ')}`];
}

const TARGETS: Readonly<
  Record<TargetKind, { readonly words: string; readonly fits: (value: number) => boolean }>
> = {
  'zero-one': { words: '0 or 1', fits: (value) => value === 0 || value === 1 },
  fraction: { words: 'between 0 and 1', fits: (value) => value >= 0 && value <= 1 },
  classes: {
    words: 'a class: 0, 1, 2 …',
    fits: (value) => Number.isInteger(value) && value >= 0,
  },
  ranks: {
    words: `a whole number from 0 to ${HIGHEST_RANK}, larger for better`,
    fits: (value) => Number.isInteger(value) && value >= 0 && value <= HIGHEST_RANK,
  },
  positive: { words: 'not negative', fits: (value) => value >= 0 },
  number: { words: 'a finite number', fits: Number.isFinite },
};

function checkTarget(target: Float64Array, kind: TargetKind): void {
  const { words, fits } = TARGETS[kind];
  const missing = target.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (missing > 0) {
    throw unusable(
      `the target is missing in ${missing} of ${target.length} rows`,
      'leave rows without an outcome out of the SELECT',
    );
  }
  const wrong = target.findIndex((value) => !fits(value));
  if (wrong >= 0) {
    throw unusable(
      `the target must be ${words}; row ${wrong + 1} has ${target[wrong]}`,
      'change the target, or choose another objective',
    );
  }
  if (target.every((value) => value === target[0])) {
    throw unusable(
      `the target is ${target[0]} in all ${target.length} rows: there is nothing to tell apart`,
      'train on more days, or check the join that makes the target',
    );
  }
}

function checkGroups({ groups, count }: LabelledRows, kind: TargetKind): void {
  if (groups === undefined) {
    if (kind === 'ranks') throw unusable('ranks are learned within groups, and there are none');
    return;
  }
  const sum = groups.reduce((total, size) => total + size, 0);
  if (sum !== count || groups.some((size) => size <= 0)) {
    throw unusable(`the groups have ${sum} rows, the table ${count}`, 'sort the SELECT by group');
  }
}

function checkWeights(weights: Float64Array | undefined): void {
  const wrong = weights?.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0)) ?? -1;
  if (wrong >= 0) {
    throw unusable(
      `a weight must be a number that is not negative; row ${wrong + 1} has ${weights?.[wrong]}`,
    );
  }
  if (weights?.every((weight) => weight === 0)) throw unusable('all weights are 0');
}

function checkFeature({ name, values }: FeatureColumn): string[] {
  let first = Number.NaN;
  let isConstant = true;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw unusable(
        `column '${name}' is infinite in row ${i + 1}`,
        'make it NULL, a missing value: nullif() a divisor of 0',
      );
    }
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    else if (value !== first) isConstant = false;
  }
  if (Number.isNaN(first)) return [`'${name}' (missing in every row)`];
  if (!isConstant || values.some((value) => Number.isNaN(value))) return [];
  return [`'${name}' (${first} in every row)`];
}

const unusable = (message: string, hint?: string): ProjectError =>
  new ProjectError('training-data', message, { hint });
