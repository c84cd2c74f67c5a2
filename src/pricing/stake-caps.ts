/** The most that may be at risk, as shares of the bank. */
export interface StakeCaps {
  /** Absent: the whole bank. */
  readonly perBet?: number | undefined;
  /** Absent: no such cap; the same for the day. */
  readonly perRace?: number | undefined;
  readonly perDay?: number | undefined;
}

/** What is at risk already in the race and on the day, in the unit of the bank. */
export interface AtRisk {
  readonly inRace: number;
  readonly onDay: number;
}

const NO_CAP = Number.POSITIVE_INFINITY;
/** Of the bank: less is the rounding a cap leaves when it is reached. */
const DUST = 1e-9;

/**
 * `wanted` (a share of the bank) cut to bank·min(wanted, cap per bet, cap per race less what is staked there, cap per day
 * less the day's): money, 0 at least, 0 of a bank that is spent, of NaN, and of less than a billionth of the bank.
 */
export function cappedStake(
  wanted: number,
  bank: number,
  { perBet = 1, perRace = NO_CAP, perDay = NO_CAP }: StakeCaps,
  { inRace, onDay }: AtRisk,
): number {
  if (!(bank > 0 && wanted > 0)) return 0;
  const most = Math.min(
    wanted * bank,
    perBet * bank,
    perRace * bank - inRace,
    perDay * bank - onDay,
  );
  return most > DUST * bank ? most : 0;
}
