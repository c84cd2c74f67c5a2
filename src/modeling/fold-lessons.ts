import type { Calibration } from '../calibration/calibrator.ts';
import { fitCalibration } from '../calibration/fit-calibration.ts';
import { ProjectError } from '../core/errors.ts';
import type { Fit } from '../estimators/estimator.ts';
import type { Fold } from '../splits/split.ts';
import type { TrainingRows } from './read-training-rows.ts';
import { pick, pickInts } from './row-subset.ts';
import type { TrainSettings } from './train-settings.ts';

/**
 * Of the rows that a fold foretold: their fold from 1 on and its answer; 0 and NaN for all others. Of classes the chance
 * of each, row after row.
 */
export interface FoldAnswers {
  readonly fold: Int32Array;
  readonly raw: Float64Array;
}

/** The mean of the best rounds; undefined where there are none, or nothing stops early. */
export function meanRounds(
  fits: readonly Pick<Fit, 'bestRound'>[],
  { rounds, earlyStopping }: TrainSettings,
): number | undefined {
  if (earlyStopping === 0) return rounds;
  if (fits.length === 0) return undefined;
  const sum = fits.reduce((total, { bestRound }) => total + bestRound, 0);
  return Math.max(1, Math.round(sum / fits.length));
}

/** A calibrator fitted to what the folds said of rows they had not seen, or to those of them that `knows` names. */
export function calibrateOn(
  rows: TrainingRows,
  { fold, raw }: FoldAnswers,
  settings: TrainSettings,
  knows: (row: number) => boolean = () => true,
): Calibration {
  // What is no chance has nothing to be calibrated, and of classes more than one number for a row.
  if (isUncalibrated(settings)) return UNCALIBRATED;
  const { calibration, normaliseWithin } = settings;
  const foretold = Int32Array.from(fold, (_, row) => row).filter(
    (row) => fold[row] !== 0 && knows(row),
  );
  const { method = 'auto', ...options } =
    typeof calibration === 'string' ? { method: calibration } : calibration;
  return fitCalibration(
    String(method),
    {
      p: pick(raw, foretold),
      y: pick(rows.target, foretold),
      day: pickInts(rows.days, foretold),
      ...(normaliseWithin === undefined || !rows.groups
        ? {}
        : { race: pickInts(rows.groups, foretold) }),
    },
    options,
  );
}

/**
 * The calibrator a fold could have had on its first day: of earlier folds' answers, on days it learned from itself, so that
 * a gap stays one. Undefined where these teach none, as before the first fold.
 */
export function calibrationBefore(
  { train }: Fold,
  rows: TrainingRows,
  answers: FoldAnswers,
  settings: TrainSettings,
): Calibration | undefined {
  if (isUncalibrated(settings)) return UNCALIBRATED;
  const last = rows.days[train.at(-1) ?? 0] as number;
  try {
    return calibrateOn(rows, answers, settings, (row) => (rows.days[row] as number) <= last);
  } catch (error) {
    // Too few days, or nobody won on them.
    if (error instanceof ProjectError && error.code === 'unusable-predictions') return undefined;
    throw error;
  }
}

const UNCALIBRATED: Calibration = { method: 'none', state: {} };

const isUncalibrated = ({ calibration }: TrainSettings): boolean =>
  (typeof calibration === 'string' ? calibration : calibration['method']) === 'none';
