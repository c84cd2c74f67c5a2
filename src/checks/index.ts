import { createRegistry } from '../core/registry.ts';
import { acceptedRange } from './accepted-range.ts';
import { acceptedValues } from './accepted-values.ts';
import { atLeastOne } from './at-least-one.ts';
import { aucBetween } from './auc-between.ts';
import { betterThan } from './better-than.ts';
import { calibrated } from './calibrated.ts';
import { cardinalityEquality } from './cardinality-equality.ts';
import { chiSquared } from './chi-squared.ts';
import { correlation } from './correlation.ts';
import { countAnomaly } from './count-anomaly.ts';
import { equalRowcount } from './equal-rowcount.ts';
import { equality } from './equality.ts';
import { expressionIsTrue } from './expression-is-true.ts';
import { featureNullRateStable } from './feature-null-rate-stable.ts';
import { ks } from './ks.ts';
import { mutuallyExclusiveRanges } from './mutually-exclusive-ranges.ts';
import { noFutureLeakage } from './no-future-leakage.ts';
import { noLabelLeak } from './no-label-leak.ts';
import { notConstant } from './not-constant.ts';
import { notNull } from './not-null.ts';
import { notNullProportion } from './not-null-proportion.ts';
import { psi } from './psi.ts';
import { recency } from './recency.ts';
import { relationships } from './relationships.ts';
import { relationshipsWhere } from './relationships-where.ts';
import { rowCount } from './row-count.ts';
import { sequentialValues } from './sequential-values.ts';
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
  rowCount,
  equalRowcount,
  equality,
  notConstant,
  atLeastOne,
  notNullProportion,
  mutuallyExclusiveRanges,
  sequentialValues,
  recency,
  countAnomaly,
  correlation,
  cardinalityEquality,
  relationshipsWhere,
  noFutureLeakage,
  noLabelLeak,
  calibrated,
  aucBetween,
  betterThan,
  featureNullRateStable,
  psi,
  ks,
  chiSquared,
]);
