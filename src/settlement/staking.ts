import type { StakingSpec } from './settings.ts';

/** A bet as a staking method sees it. */
export interface Stakeable {
  readonly side: 'back' | 'lay';
  readonly p: number;
  /** Taken, after slippage. */
  readonly odds: number;
  readonly eachWay?: { readonly fraction: number; readonly pPlace: number } | undefined;
}

/** How much to put at risk. Adding one: a file, and a line in index.ts. */
export interface StakingMethod {
  readonly name: string;
  readonly needs: readonly ('fraction' | 'amount')[];
  /** The share of the bank to put at risk, of a lay the liability, before caps. */
  share(bet: Stakeable, bank: number, commission: number, spec: StakingSpec): number;
}
