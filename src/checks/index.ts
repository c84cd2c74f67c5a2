import { createRegistry } from '../core/registry.ts';
import { acceptedRange } from './accepted-range.ts';
import { acceptedValues } from './accepted-values.ts';
import { expressionIsTrue } from './expression-is-true.ts';
import { noFutureLeakage } from './no-future-leakage.ts';
import { noLabelLeak } from './no-label-leak.ts';
import { notNull } from './not-null.ts';
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
]);
