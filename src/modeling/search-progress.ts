import { bestTrial, type SearchBudget, type SearchState, type Trial } from '../search/search.ts';

/** How far a search is, in words: the trial, the best so far, the pace and the time left. */
export interface SearchProgress {
  /** What the present trial does, behind where it stands. */
  doing(state: SearchState, text: string): string;
  better(state: SearchState, trial: Trial): string;
  resumed(state: SearchState): string;
}

export function searchProgress(metric: string, budget: SearchBudget): SearchProgress {
  const best = (state: SearchState): string => {
    const trial = bestTrial(state);
    return trial ? `best ${shown(trial)}` : '';
  };
  const pace = (state: SearchState): string => {
    const seconds = meanSeconds(state);
    if (seconds === undefined) return '';
    const left = secondsLeft(state, seconds, budget);
    return `${seconds.toPrecision(2)} s a trial${left === undefined ? '' : `, ${spanOf(left)} left`}`;
  };
  const total = budget.trials === undefined ? '' : ` of ${budget.trials}`;
  return {
    doing: (state, text) =>
      joined(`trial ${state.trials.length + 1}${total}`, best(state), pace(state), text),
    better: (state, trial) =>
      joined(
        `tune: trial ${state.trials.length}${total}: ${metric} ${shown(trial)}, the best so far`,
        pace(state),
      ),
    resumed: (state) =>
      joined(`tune: goes on after ${state.trials.length} trials of before`, best(state)),
  };
}

const joined = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(', ');

const shown = ({ value }: Trial): string => value?.toFixed(4) ?? 'none';

function meanSeconds({ trials }: SearchState): number | undefined {
  if (trials.length === 0) return undefined;
  return trials.reduce((sum, { seconds }) => sum + seconds, 0) / trials.length;
}

/** By the budget that is used up first; patience may end it sooner. */
function secondsLeft(
  { trials }: SearchState,
  perTrial: number,
  budget: SearchBudget,
): number | undefined {
  const byTrials =
    budget.trials === undefined ? undefined : (budget.trials - trials.length) * perTrial;
  const bySeconds =
    budget.seconds === undefined ? undefined : budget.seconds - trials.length * perTrial;
  const left = [byTrials, bySeconds].filter((one) => one !== undefined);
  return left.length === 0 ? undefined : Math.max(0, Math.min(...left));
}

const spanOf = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
