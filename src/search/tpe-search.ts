import { densityAt, drawFrom, parzenOf } from './parzen.ts';
import { randomSearch } from './random-search.ts';
import type { Judged, SearchMethod } from './search-method.ts';
import {
  type Choice,
  type Params,
  type ParamValue,
  type Range,
  unitOf,
  valueAt,
} from './search-space.ts';

/** Trials before it learns from them. */
const STARTUP = 10;
/** Candidates of which the one most like the good trials is taken. */
const CANDIDATES = 24;
const MOST_GOOD = 25;

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011): trials are cut into the best tenth and the others, and of
 * values drawn like the good ones the one that is likeliest among them and not among the others is tried. Parameters are
 * chosen each on its own.
 */
export const tpeSearch: SearchMethod = {
  name: 'tpe',
  suggest(space, trials, random): Params {
    if (trials.length < STARTUP) return randomSearch.suggest(space, trials, random);
    const ranked = [...trials].sort((a, b) => (a.loss === b.loss ? 0 : a.loss - b.loss));
    const cut = Math.min(MOST_GOOD, Math.ceil(ranked.length / 10));
    const [good, others] = [ranked.slice(0, cut), ranked.slice(cut)];
    return Object.fromEntries(
      Object.entries(space).map(([name, dimension]) => {
        const of = (part: readonly Judged[]) =>
          part.map(({ params }) => params[name] as ParamValue);
        return [
          name,
          'choices' in dimension
            ? likelyChoice(dimension, of(good), of(others), random)
            : likelyValue(dimension, of(good), of(others), random),
        ];
      }),
    );
  },
};

function likelyValue(
  range: Range,
  good: readonly ParamValue[],
  others: readonly ParamValue[],
  random: () => number,
): number {
  const estimator = (values: readonly ParamValue[]) =>
    parzenOf(values.map((value) => unitOf(range, value as number)));
  const [likely, unlikely] = [estimator(good), estimator(others)];
  const units = Array.from({ length: CANDIDATES }, () => drawFrom(likely, random));
  return valueAt(
    range,
    best(units, (unit) => densityAt(likely, unit) / densityAt(unlikely, unit)),
  );
}

function likelyChoice(
  { choices }: Choice,
  good: readonly ParamValue[],
  others: readonly ParamValue[],
  random: () => number,
): ParamValue {
  const share = (values: readonly ParamValue[], choice: ParamValue) =>
    (values.filter((value) => value === choice).length + 1) / (values.length + choices.length);
  const weights = choices.map((choice) => share(good, choice));
  const drawn = Array.from(
    { length: CANDIDATES },
    () => choices[drawIndex(weights, random)] as ParamValue,
  );
  return best(drawn, (choice) => share(good, choice) / share(others, choice));
}

/** A place in `weights`, which sum to 1, with its probability. */
function drawIndex(weights: readonly number[], random: () => number): number {
  let left = random();
  const at = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return at < 0 ? weights.length - 1 : at;
}

const best = <T>(candidates: readonly T[], score: (candidate: T) => number): T =>
  candidates
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .reduce((a, b) => (b.score > a.score ? b : a)).candidate;
