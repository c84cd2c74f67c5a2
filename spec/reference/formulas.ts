/** Pseudo-runs that pull a strike rate towards its expectation (racing.md §2). */
const RATE_PRIOR_RUNS = 10;
/** Expected races that pull an impact value towards 1. */
const IMPACT_PRIOR_RACES = 20;

export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Population variance, NULL without values. */
export function populationVariance(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null) return null;
  return mean(values.map((value) => (value - centre) ** 2));
}

export function populationSigma(values: readonly number[]): number | null {
  const variance = populationVariance(values);
  return variance === null ? null : Math.sqrt(variance);
}

/** Least-squares slope of the values, oldest first, on 1, 2, 3 …; NULL for fewer than three. */
export function slope(values: readonly number[]): number | null {
  if (values.length < 3) return null;
  const centreX = (values.length + 1) / 2;
  const centreY = mean(values) ?? 0;
  let covariance = 0;
  let spread = 0;
  values.forEach((value, index) => {
    const x = index + 1 - centreX;
    covariance += x * (value - centreY);
    spread += x * x;
  });
  return covariance / spread;
}

/** Nine decimals decide comparisons, so that the order of summation cannot (racing.md §7.12). */
export function round9(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** Counts of a set of runs with the chance each had beforehand. */
export interface Tally {
  readonly runs: number;
  readonly wins: number;
  readonly sumE0: number;
  readonly sumVariance: number;
  readonly places: number;
  readonly sumE0Place: number;
}

/** What a tally needs of a run. */
export interface Countable {
  readonly won: number | null;
  readonly placed: number | null;
  readonly e0: number | null;
  readonly e0_place: number | null;
}

export function tally(runs: readonly Countable[]): Tally {
  let wins = 0;
  let places = 0;
  let sumE0 = 0;
  let sumVariance = 0;
  let sumE0Place = 0;
  for (const run of runs) {
    const chance = run.e0 ?? 0;
    wins += run.won ?? 0;
    places += run.placed ?? 0;
    sumE0 += chance;
    sumVariance += chance * (1 - chance);
    sumE0Place += run.e0_place ?? 0;
  }
  return { runs: runs.length, wins, sumE0, sumVariance, places, sumE0Place };
}

/** Shrunk strike rate (w + m·p0)/(n + m); without runs the base rate, which may be NULL. */
export function strikeRate(counts: Tally, baseRate: number | null): number | null {
  if (counts.runs === 0) return baseRate;
  const prior = counts.sumE0 / counts.runs;
  return (counts.wins + RATE_PRIOR_RUNS * prior) / (counts.runs + RATE_PRIOR_RUNS);
}

/** Observed over expected, shrunk to 1; exactly 1 without runs. */
export function impactValue(observed: number, expected: number): number {
  return (observed + IMPACT_PRIOR_RACES) / (expected + IMPACT_PRIOR_RACES);
}

/** How many standard deviations the wins lie above their expectation. */
export function winZ(counts: Tally): number | null {
  if (counts.runs === 0 || round9(counts.sumVariance) <= 0) return null;
  return (counts.wins - counts.sumE0) / Math.sqrt(counts.sumVariance);
}
