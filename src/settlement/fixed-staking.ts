import type { StakingMethod } from './staking.ts';

/** The same share of the bank for every bet. */
export const fixedStaking: StakingMethod = {
  name: 'fixed',
  needs: ['fraction'],
  share: (_bet, _bank, _commission, { fraction = 0 }) => fraction,
};
