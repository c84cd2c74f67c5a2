import { eachWayValue, edge, layEdge } from '../pricing/value.ts';
import type { Candidate } from './bet.ts';

/**
 * The odds got after slippage, never better than those seen: a back at 1 + (O−1)(1−s), a lay at 1 + (O−1)(1+s).
 */
export const priceTaken = (side: 'back' | 'lay', odds: number, slippage: number): number =>
  1 + (odds - 1) * (side === 'back' ? 1 - slippage : 1 + slippage);

/** Expected gain per unit of stake before commission, at the odds taken. */
export function edgeOf({ side, p, eachWay }: Candidate, odds: number): number {
  if (eachWay) return eachWayValue(p, eachWay.pPlace, odds, eachWay.fraction);
  return side === 'back' ? edge(p, odds) : layEdge(p, odds);
}

/** O_taken/O_close − 1 of a back, O_close/O_taken − 1 of a lay: above 0 when the market moved the bet's way. */
export function closingLineValue(side: 'back' | 'lay', taken: number, closing: number): number {
  return side === 'back' ? taken / closing - 1 : closing / taken - 1;
}
