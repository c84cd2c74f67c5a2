import { createRegistry } from '../core/registry.ts';
import { acceptedRange } from './accepted-range.ts';
import { acceptedValues } from './accepted-values.ts';
import { aucBetween } from './auc-between.ts';
import { betterThan } from './better-than.ts';
import { calibrated } from './calibrated.ts';
import { expressionIsTrue } from './expression-is-true.ts';
import { featureNullRateStable } from './feature-null-rate-stable.ts';
import { ks } from './ks.ts';
import { noFutureLeakage } from './no-future-leakage.ts';
import { noLabelLeak } from './no-label-leak.ts';
import { notNull } from './not-null.ts';
import { psi } from './psi.ts';
import { relationships } from './relationships.ts';
import { unique } from './unique.ts';
import { uniqueCombination } from './unique-combination.ts';

export const checks = createRegistry('test', [
  notNull,
  unique,
  acceptedValues,
  relationships,
  acceptedRange,
  uniqueCombination,
  expressionIsTrue,
  noFutureLeakage,
  noLabelLeak,
  calibrated,
  aucBetween,
  betterThan,
  featureNullRateStable,
  psi,
  ks,
]);
