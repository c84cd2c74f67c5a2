import { ProjectError } from '../core/errors.ts';
import { groupRows } from '../core/row-groups.ts';
import { logLossOf } from '../metrics/log-loss.ts';
import type { Calibration, CalibratorOptions } from './calibrator.ts';
import { calibrators } from './index.ts';
import { normaliseWithin } from './normalise.ts';

/** Out-of-fold predictions and what came of them, one entry a row. */
export interface CalibrationRows {
  /** From 0 to 1; of a ranker the sigmoid of its score. */
  readonly p: Float64Array;
  /** 0 or 1. */
  readonly y: ArrayLike<number>;
  /** Days since 1970-01-01: `auto` judges on the later ones. */
  readonly day: Int32Array;
  /** Given when probabilities are divided by their sum in the race afterwards: they are then judged so. */
  readonly race?: ArrayLike<number | bigint | string> | undefined;
}

const AUTO = 'auto';

/**
 * Fits the method, or with `auto` the one with the lowest log loss on the last third of the days when fitted on the
 * days before, fitted again on all. Raises ConfigError unknown-name for a method that does not exist, ProjectError
 * unusable-predictions for rows that cannot teach one.
 */
export function fitCalibration(
  method: string,
  rows: CalibrationRows,
  options: CalibratorOptions = {},
): Calibration {
  const bad = rows.p.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0)
    throw unusable(
      `the prediction of row ${bad + 1} is ${rows.p[bad]}`,
      'it must be between 0 and 1',
    );
  if (method !== AUTO) return fitOne(method, rows, options);
  const { earlier, later } = cutByDay(rows);
  const tried = calibrators.all().map(({ name }) => ({
    method: name,
    logLoss: judge(fitOne(name, earlier, options), later),
  }));
  const best = tried.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  return { ...fitOne(best.method, rows, options), tried };
}

/** The calibrated predictions; NaN of NaN. Raises ConfigError unknown-name for a method that does not exist. */
export function applyCalibration({ method, state }: Calibration, p: Float64Array): Float64Array {
  return p.map(calibrators.get(method).curve(state));
}

function fitOne(
  method: string,
  { p, y }: CalibrationRows,
  options: CalibratorOptions,
): Calibration {
  const results = new Set(Array.from(y));
  if (![...results].every((value) => value === 0 || value === 1) || results.size < 2) {
    throw unusable(
      `calibration needs rows of both results, 0 and 1; there are ${[...results].join(', ') || 'no rows'}`,
    );
  }
  return { method, state: calibrators.get(method).fit(p, y, options) };
}

/** The mean over rows, as the metric, of rows that need no days. */
function judge(calibration: Calibration, { p, y, race }: CalibrationRows): number {
  const calibrated = applyCalibration(calibration, p);
  const final = race ? normaliseWithin(calibrated, groupRows(race)) : calibrated;
  return final.reduce((sum, value, row) => sum + logLossOf(value, y[row] as number), 0) / p.length;
}

function cutByDay(rows: CalibrationRows) {
  const days = [...new Set(rows.day)].sort((a, b) => a - b);
  if (days.length < 3)
    throw unusable(`calibration 'auto' needs 3 days; the rows have ${days.length}`);
  const cut = days[Math.ceil((days.length * 2) / 3)] as number;
  const part = (chosen: (day: number) => boolean): CalibrationRows => {
    const kept = Int32Array.from(rows.day, (_, row) => row).filter((row) =>
      chosen(rows.day[row] as number),
    );
    const { race } = rows;
    return {
      p: Float64Array.from(kept, (row) => rows.p[row] as number),
      y: Array.from(kept, (row) => rows.y[row] as number),
      day: kept.map((row) => rows.day[row] as number),
      ...(race && { race: Array.from(kept, (row) => race[row] as number) }),
    };
  };
  return { earlier: part((day) => day < cut), later: part((day) => day >= cut) };
}

const unusable = (message: string, hint?: string): ProjectError =>
  new ProjectError('unusable-predictions', message, { hint });
