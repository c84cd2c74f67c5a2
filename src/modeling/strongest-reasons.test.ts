import fc from 'fast-check';
import { expect, it } from 'vitest';
import { strongestReasons } from './strongest-reasons.ts';

const feature = (name: string, values: number[], categories?: string[]) => ({
  name,
  values: Float64Array.from(values),
  categories,
});

it('are the features that moved a row most, with their values', () => {
  const features = [
    feature('draw', [4, Number.NaN]),
    feature('going', [1, 0], ['firm', 'soft']),
    feature('age', [3, 5]),
  ];
  // Two rows of three effects and the start.
  const effects = Float64Array.of(0.1, -0.5, 0.25, -2, 0, 0.125, -0.125, -2);
  const told = strongestReasons(effects, features, 2, new Int32Array(2));
  expect(told.map((text) => JSON.parse(text))).toEqual([
    [
      { feature: 'going', value: 'soft', effect: -0.5 },
      { feature: 'age', value: 3, effect: 0.25 },
    ],
    [
      { feature: 'going', value: 'firm', effect: 0.125 },
      { feature: 'age', value: 5, effect: -0.125 },
    ],
  ]);
});

it('stand in the order a sort would give', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 14 }),
      (effects, count) => {
        const features = effects.map((_, i) => feature(`f${i}`, [0]));
        const [text = ''] = strongestReasons(
          Float64Array.from([...effects, 0]),
          features,
          count,
          new Int32Array(1),
        );
        const sorted = effects
          .map((effect, i) => ({ name: `f${i}`, size: Math.abs(effect) }))
          .sort((a, b) => b.size - a.size)
          .slice(0, count);
        const given = JSON.parse(text) as { feature: string }[];
        expect(given.map((one) => one.feature)).toEqual(sorted.map(({ name }) => name));
      },
    ),
  );
});

it('of classes are those of the class that is chosen', () => {
  const features = [feature('a', [1, 2]), feature('b', [3, 4])];
  // Two rows of two classes, each with two effects and the start.
  const effects = Float64Array.of(1, 2, 0, -3, 0.5, 0, 4, 5, 0, 7, -6, 0);
  const told = strongestReasons(effects, features, 1, Int32Array.of(1, 0));
  expect(told.map((text) => JSON.parse(text))).toEqual([
    [{ feature: 'a', value: 1, effect: -3 }],
    [{ feature: 'b', value: 4, effect: 5 }],
  ]);
});
