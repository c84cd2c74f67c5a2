import type { StakingMethod } from './staking.ts';

/** The same money for every bet: level stakes. */
export const flatStaking: StakingMethod = {
  name: 'flat',
  needs: ['amount'],
  share: (_bet, bank, _commission, { amount = 0 }) => amount / bank,
};
