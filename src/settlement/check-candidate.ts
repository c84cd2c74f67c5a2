import { ProjectError } from '../core/errors.ts';
import type { Candidate, EachWay, RaceResult } from './bet.ts';

/** Raises ProjectError unusable-bet for a row that nobody could have bet on, or that cannot be settled. */
export function checkCandidate(bet: Candidate): void {
  const { betId, p, odds, decisionMs, priceMs, settledMs, side, eachWay } = bet;
  const fault = (what: string, hint?: string): never => {
    throw new ProjectError('unusable-bet', `bet ${betId} ${what}`, { hint });
  };
  if (!Number.isFinite(decisionMs) || !Number.isFinite(settledMs)) {
    fault('has no time of decision or of settlement');
  }
  if (decisionMs >= settledMs) {
    fault(
      `is decided at ${instant(decisionMs)}, when its race was settled at ${instant(settledMs)}`,
    );
  }
  if (priceMs !== undefined && !(priceMs <= decisionMs)) {
    fault(
      `takes a price of ${instant(priceMs)}, after its decision at ${instant(decisionMs)}`,
      'join the latest price at or before decision_ts',
    );
  }
  if (!(p >= 0 && p <= 1)) fault(`has the probability ${p}`);
  if (odds < 1 || odds === Number.POSITIVE_INFINITY)
    fault(`has the odds ${odds}`, 'decimal odds are at least 1');
  if (side === 'lay' && eachWay)
    fault('is an each-way lay', 'lay the win and the place as two bets');
  const wrong = faultOf(bet.result) ?? (eachWay && faultOfTerms(eachWay));
  if (wrong) fault(wrong);
}

function faultOf({ position, tied, rule4 }: RaceResult): string | undefined {
  if (!(rule4 >= 0 && rule4 < 1)) return `has the Rule 4 deduction ${rule4}`;
  if (position === undefined) return undefined;
  if (!(Number.isInteger(position) && position >= 1)) return `has the position ${position}`;
  if (!(Number.isInteger(tied) && tied >= 1)) return `has ${tied} horses in position ${position}`;
  return undefined;
}

function faultOfTerms({ places, fraction, pPlace }: EachWay): string | undefined {
  if (!(Number.isInteger(places) && places >= 1)) return `is each-way with ${places} places`;
  if (!(fraction > 0 && fraction <= 1)) return `is each-way at ${fraction} of the odds`;
  if (!(pPlace >= 0 && pPlace <= 1)) return `has the place probability ${pPlace}`;
  return undefined;
}

const instant = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms);
