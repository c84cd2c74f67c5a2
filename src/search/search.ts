import { seededRandom } from '../core/random.ts';
import { searchMethods } from './index.ts';
import type { Params, SearchSpace } from './search-space.ts';

/** Parameters that were tried. */
export interface Trial {
  readonly params: Params;
  /** What was measured; null: it failed, or nothing could be measured. */
  readonly value: number | null;
  readonly seconds: number;
}

/** A search so far; plain JSON, and all that is needed to go on. */
export interface SearchState {
  readonly space: SearchSpace;
  /** A name of the registry: random, tpe. */
  readonly method: string;
  readonly seed: number;
  readonly better: 'lower' | 'higher';
  readonly trials: readonly Trial[];
}

/** When to stop; at least one is given. */
export interface SearchBudget {
  readonly trials?: number | undefined;
  /** Of all trials together, over all runs. */
  readonly seconds?: number | undefined;
  /** Trials after the best one without a better. */
  readonly patience?: number | undefined;
}

/** The parameters to try next: the same for the same state, so that a search that was stopped goes on as if it had not been. */
export function nextParams({ space, method, seed, better, trials }: SearchState): Params {
  const random = randomOfTrial(seed, trials.length);
  const judged = trials.map(({ params, value }) => ({ params, loss: lossOf(value, better) }));
  return searchMethods.get(method).suggest(space, judged, random);
}

/** Numbers of the trial's own: of two seeds, or two trials, no sequence is the other one shifted. */
function randomOfTrial(seed: number, trial: number): () => number {
  const seeds = seededRandom(seed);
  for (let i = 0; i < trial; i += 1) seeds();
  return seededRandom(seeds() * 2 ** 32);
}

export const withTrial = (state: SearchState, trial: Trial): SearchState => ({
  ...state,
  trials: [...state.trials, trial],
});

/** The best trial, the earliest of equals; undefined when none was measured. */
export function bestTrial({ trials, better }: SearchState): Trial | undefined {
  return trials.reduce<Trial | undefined>((best, trial) => {
    if (trial.value === null) return best;
    return !best || lossOf(trial.value, better) < lossOf(best.value, better) ? trial : best;
  }, undefined);
}

/** Why the search is over; undefined while it is not. */
export function searchEnd(
  state: SearchState,
  budget: SearchBudget,
): keyof SearchBudget | undefined {
  const { trials } = state;
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const best = bestTrial(state);
  const since = best ? trials.length - 1 - trials.indexOf(best) : trials.length;
  if (trials.length >= (budget.trials ?? Number.POSITIVE_INFINITY)) return 'trials';
  if (seconds >= (budget.seconds ?? Number.POSITIVE_INFINITY)) return 'seconds';
  return since >= (budget.patience ?? Number.POSITIVE_INFINITY) ? 'patience' : undefined;
}

/** A stored search may be gone on with: nothing it was declared with has changed. */
export function isResumable(stored: SearchState, declared: Omit<SearchState, 'trials'>): boolean {
  const told = ({ space, method, seed, better }: Omit<SearchState, 'trials'>) =>
    JSON.stringify([sorted(space), method, seed, better]);
  return told(stored) === told(declared);
}

const sorted = (space: SearchSpace) =>
  Object.entries(space)
    .map(
      ([name, dimension]) =>
        [name, Object.entries(dimension).sort(([a], [b]) => (a < b ? -1 : 1))] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));

function lossOf(value: number | null, better: 'lower' | 'higher'): number {
  if (value === null || Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  return better === 'lower' ? value : -value;
}
