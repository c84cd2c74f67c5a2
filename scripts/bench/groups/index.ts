import type { Group } from '../bench.ts';
import { asOf } from './as-of.ts';
import { check } from './check.ts';
import { docs } from './docs.ts';
import { engine } from './engine.ts';
import { hk } from './hk.ts';
import { lightgbm } from './lightgbm.ts';
import { metrics } from './metrics.ts';
import { parse } from './parse.ts';
import { postgres } from './postgres.ts';
import { sample } from './sample.ts';
import { scale } from './scale.ts';
import { startup } from './startup.ts';
import { tests } from './tests.ts';
import { transfer } from './transfer.ts';
import { views } from './views.ts';
import { watch } from './watch.ts';

/** All groups, in the order of the results. */
export const GROUPS: readonly Group[] = [
  startup,
  sample,
  hk,
  asOf,
  scale,
  engine,
  parse,
  check,
  views,
  watch,
  lightgbm,
  metrics,
  tests,
  transfer,
  postgres,
  docs,
];
