import type { SearchMethod } from './search-method.ts';
import { type Choice, type Params, type ParamValue, type Range, valueAt } from './search-space.ts';

const drawOf = (dimension: Range | Choice, random: () => number): ParamValue =>
  'choices' in dimension
    ? (dimension.choices[Math.floor(random() * dimension.choices.length)] as ParamValue)
    : valueAt(dimension, random());

/** Each parameter on its own, evenly over its range (Bergstra & Bengio 2012). */
export const randomSearch: SearchMethod = {
  name: 'random',
  suggest: (space, _trials, random): Params =>
    Object.fromEntries(
      Object.entries(space).map(([name, dimension]) => [name, drawOf(dimension, random)]),
    ),
};
