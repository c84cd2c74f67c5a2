import { createRegistry } from '../core/registry.ts';
import { auc } from './auc.ts';
import { brier } from './brier.ts';
import { calibrationError } from './calibration-error.ts';
import { logLoss } from './log-loss.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { rSquared } from './r-squared.ts';
import { raceLogLoss } from './race-log-loss.ts';
import { rootMeanSquaredError } from './root-mean-squared-error.ts';
import { topPick } from './top-pick.ts';
import { withinRaceAuc, withinRaceAucMean } from './within-race-auc.ts';

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
]);
