import { ConfigError } from '../core/errors.ts';
import { type RowGroups, rowsOf } from '../core/row-groups.ts';

/** Powers of the win probabilities from which the second, third and fourth are drawn. */
export type PlaceDiscounts = readonly [second: number, third: number, fourth: number];

/** Harville 1973: the rest race on as if the winner had not been there. Too kind to favourites for a place. */
export const HARVILLE: PlaceDiscounts = [1, 1, 1];
/** The discounts of Henery 1981 and Lo & Bacon-Shone 2008 as Benter 1994 uses them: chance has a larger share behind the winner. */
export const HENERY: PlaceDiscounts = [0.81, 0.65, 0.5];

const MOST_PLACES = 4;

/**
 * The probability of each runner of one race to be among the first `places` (1 to 4), exactly: summed over all orders
 * of the places before. `win`: win probabilities in any scale; NaN is no runner and stays NaN. They sum to `places`, or to
 * the runners when there are fewer. Where all who are left have 0, they share. Raises ConfigError for other places.
 */
export function placeProbabilities(
  win: Float64Array,
  places: number,
  discounts: PlaceDiscounts = HARVILLE,
): Float64Array {
  if (!Number.isInteger(places) || places < 1 || places > MOST_PLACES) {
    throw new ConfigError('invalid-config', `place probabilities of ${places} places`, {
      hint: `they are computed for 1 to ${MOST_PLACES}`,
    });
  }
  const runners = Int32Array.from(win, (_, i) => i).filter((i) => !Number.isNaN(win[i]));
  const own = Float64Array.from(runners, (i) => win[i] as number);
  const strengths = [1, ...discounts].slice(0, places).map((power) => own.map((p) => p ** power));
  const placed = firstPlaces(strengths, runners.length);
  const result = new Float64Array(win.length).fill(Number.NaN);
  for (const [at, i] of runners.entries()) result[i] = placed[at] as number;
  return result;
}

/** `strengths[k]`: the strength of each runner in the draw of place k+1. */
function firstPlaces(strengths: readonly Float64Array[], runners: number): Float64Array {
  const placed = new Float64Array(runners);
  const taken = new Uint8Array(runners);
  const draw = (place: number, chance: number): void => {
    const strength = strengths[place];
    if (!strength || place >= runners) return;
    const total = sumLeft(strength, taken);
    for (let i = 0; i < runners; i += 1) {
      const share = total > 0 ? (strength[i] as number) / total : 1 / (runners - place);
      if (taken[i] === 1 || share === 0) continue;
      placed[i] = (placed[i] as number) + chance * share;
      taken[i] = 1;
      draw(place + 1, chance * share);
      taken[i] = 0;
    }
  };
  draw(0, 1);
  return placed;
}

/** Summed anew each time: taking the winner's from a total would leave rounding where he had nearly all. */
function sumLeft(strength: Float64Array, taken: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < taken.length; i += 1) if (taken[i] === 0) total += strength[i] as number;
  return total;
}

/**
 * Place probabilities of many races. `places`: places paid in the race of each row; NaN or 0 is a race without place
 * bets, whose rows are NaN.
 */
export function placeProbabilitiesWithin(
  win: Float64Array,
  races: RowGroups,
  places: ArrayLike<number>,
  discounts: PlaceDiscounts = HARVILLE,
): Float64Array {
  const result = new Float64Array(win.length).fill(Number.NaN);
  for (let race = 0; race < races.count; race += 1) {
    const members = rowsOf(races, race);
    const paid = places[members[0] as number] as number;
    if (!(paid > 0)) continue;
    const own = Float64Array.from(members, (row) => win[row] as number);
    const placed = placeProbabilities(own, paid, discounts);
    for (const [at, row] of members.entries()) result[row] = placed[at] as number;
  }
  return result;
}
