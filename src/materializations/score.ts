import { incremental } from './incremental.ts';
import type { Materialization } from './materialization.ts';

/** Scored rows, by as_of range or by unique_key: what was scored before keeps the model it was scored with. */
export const score: Materialization = { ...incremental, name: 'score' };
