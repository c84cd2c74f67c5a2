import { createRegistry } from '../core/registry.ts';
import { accuracy } from './accuracy.ts';
import { auc } from './auc.ts';
import { brier } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { logLoss } from './log-loss.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { multiBrier } from './multi-brier.ts';
import { multiLogLoss } from './multi-log-loss.ts';
import { rSquared } from './r-squared.ts';
import { raceLogLoss } from './race-log-loss.ts';
import { rootMeanSquaredError } from './root-mean-squared-error.ts';
import { topPick } from './top-pick.ts';
import { withinRaceAuc, withinRaceAucMean } from './within-race-auc.ts';

/** What fits every target of its kind; deviances and the like, which belong to one objective, are named by its yardstick. */
export const metrics = createRegistry('metric', [
  logLoss,
  brier,
  auc,
  withinRaceAuc,
  withinRaceAucMean,
  topPick,
  raceLogLoss,
  calibrationError,
  rootMeanSquaredError,
  meanAbsoluteError,
  rSquared,
  multiLogLoss,
  multiBrier,
  accuracy,
]);
