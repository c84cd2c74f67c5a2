import type { Candidate, RaceResult } from './bet.ts';

const DAY_MS = 86_400_000;
const NOON = 43_200_000;

/** A back at 4.0 of .3, on day 20000 an hour before the off at noon, that lost; with what is changed. */
export function candidate(
  changes: Partial<Omit<Candidate, 'result'>> & { readonly result?: Partial<RaceResult> } = {},
): Candidate {
  const { day = 20_000, result, ...rest } = changes;
  return {
    betId: 'a',
    raceId: 'R1',
    day,
    decisionMs: day * DAY_MS + NOON - 3_600_000,
    settledMs: day * DAY_MS + NOON,
    side: 'back',
    p: 0.3,
    odds: 4,
    ...rest,
    result: { runner: true, position: 2, tied: 1, rule4: 0, ...result },
  };
}
