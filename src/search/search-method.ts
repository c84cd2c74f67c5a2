import type { Params, SearchSpace } from './search-space.ts';

/** A trial as a method sees it; `loss`: lower is better, Infinity when it failed. */
export interface Judged {
  readonly params: Params;
  readonly loss: number;
}

/** How the next parameters are chosen. Adding one: a file, and a line in index.ts. */
export interface SearchMethod {
  readonly name: string;
  /** `random`: numbers in [0, 1), the same for the same trial of the same seed. */
  suggest(space: SearchSpace, trials: readonly Judged[], random: () => number): Params;
}
