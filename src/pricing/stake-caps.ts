/** The most that may be at risk, as shares of the bank; absent: no such cap. */
export interface StakeCaps {
  readonly perBet?: number | undefined;
  readonly perRace?: number | undefined;
  readonly perDay?: number | undefined;
}

/** What is at risk already in the race and on the day, in the unit of the bank. */
export interface AtRisk {
  readonly inRace: number;
  readonly onDay: number;
}

const NO_CAP = Number.POSITIVE_INFINITY;

/**
 * `wanted` (a share of the bank) cut to bank·min(wanted, cap per bet, cap per race less what is staked there, cap per day
 * less the day's): money, 0 at least, 0 of a bank that is spent and of NaN.
 */
export function cappedStake(
  wanted: number,
  bank: number,
  { perBet = NO_CAP, perRace = NO_CAP, perDay = NO_CAP }: StakeCaps,
  { inRace, onDay }: AtRisk,
): number {
  if (!(bank > 0 && wanted > 0)) return 0;
  const most = Math.min(
    wanted * bank,
    perBet * bank,
    perRace * bank - inRace,
    perDay * bank - onDay,
  );
  return Math.max(0, most);
}
