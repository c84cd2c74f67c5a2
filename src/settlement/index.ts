import { createRegistry } from '../core/registry.ts';
import { fixedStaking } from './fixed-staking.ts';
import { flatStaking } from './flat-staking.ts';
import { kellyStaking } from './kelly-staking.ts';

export const stakingMethods = createRegistry('staking method', [
  kellyStaking,
  fixedStaking,
  flatStaking,
]);
