import { createRegistry } from '../core/registry.ts';
import { beta } from './beta.ts';
import { isotonic } from './isotonic.ts';
import { none } from './none.ts';
import { platt } from './platt.ts';

/** From the plainest: of two as good `auto` keeps the first. */
export const calibrators = createRegistry('calibration', [none, platt, beta, isotonic]);
