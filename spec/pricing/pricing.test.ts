import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eachWayKelly, kelly, layKelly } from '../../src/pricing/kelly.ts';
import { HARVILLE, HENERY, placeProbabilities } from '../../src/pricing/place-probabilities.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`expected/${name}.json`, import.meta.url), 'utf8'));

interface Places {
  readonly win: readonly number[];
  readonly places: number;
  readonly harville: readonly number[];
  readonly henery: readonly number[];
}

interface Kelly {
  readonly p: number;
  readonly odds: number;
  readonly commission: number;
  readonly placed: number;
  readonly fraction: number;
  readonly back: number;
  readonly lay: number;
  readonly eachWay: number;
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));

// Summed over all orders of finish in Python: record.py.
describe.each(read('places') as readonly Places[])('$places places of $win', (one) => {
  it('are Harville’s and Henery’s', () => {
    const win = Float64Array.from(one.win);
    expect([...placeProbabilities(win, one.places, HARVILLE)]).toEqual(close(one.harville));
    expect([...placeProbabilities(win, one.places, HENERY)]).toEqual(close(one.henery));
  });
});

// Where scipy finds the expected logarithm of the bank highest: record.py.
it.each(read('kelly') as readonly Kelly[])(
  'Kelly of $p at $odds, commission $commission',
  (one) => {
    const { p, odds, commission, placed, fraction } = one;
    expect(kelly(p, odds, commission)).toBeCloseTo(one.back, 6);
    expect(layKelly(p, odds, commission)).toBeCloseTo(one.lay, 6);
    expect(eachWayKelly({ pWin: p, pPlace: placed, odds, fraction, commission })).toBeCloseTo(
      one.eachWay,
      6,
    );
  },
);
