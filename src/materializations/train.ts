import type { Materialization } from './materialization.ts';
import { table } from './table.ts';

/** The rows a model was judged and calibrated on, with its predictions; the model itself goes into the registry. */
export const train: Materialization = { ...table, name: 'train' };
