import { eachWayKelly, kelly, layKelly } from '../pricing/kelly.ts';
import { KELLY_FRACTION } from '../pricing/kelly-stakes.ts';
import type { Stakeable, StakingMethod } from './staking.ts';

/** A fraction of what makes the bank grow fastest. */
export const kellyStaking: StakingMethod = {
  name: 'kelly',
  needs: [],
  share: (bet, _bank, commission, { fraction = KELLY_FRACTION }) =>
    fraction * full(bet, commission),
};

function full({ side, p, odds, eachWay }: Stakeable, commission: number): number {
  if (eachWay) return eachWayKelly({ ...eachWay, pWin: p, odds, commission });
  return (side === 'back' ? kelly : layKelly)(p, odds, commission);
}
