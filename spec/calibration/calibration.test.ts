import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyCalibration, fitCalibration } from '../../src/calibration/fit-calibration.ts';

interface Case {
  readonly name: string;
  readonly p: readonly number[];
  readonly y: readonly number[];
  readonly isotonic: readonly number[];
  readonly floored: readonly number[];
  readonly platt: readonly number[];
  readonly beta: readonly number[];
}

// What scikit-learn and scipy fit: record.py.
const recorded = JSON.parse(
  readFileSync(new URL('expected/calibration.json', import.meta.url), 'utf8'),
) as { readonly at: readonly number[]; readonly cases: readonly Case[] };
const at = Float64Array.from(recorded.at);

function curve(method: string, { p, y }: Case, floor?: number): Float64Array {
  const rows = { p: Float64Array.from(p), y, day: new Int32Array(p.length) };
  return applyCalibration(fitCalibration(method, rows, { floor }), at);
}

const furthest = (ours: Float64Array, theirs: readonly number[]): number =>
  Math.max(...theirs.map((value, i) => Math.abs(value - (ours[i] ?? Number.NaN))));

describe.each(recorded.cases)('$name', (one) => {
  it('isotonic without a floor is IsotonicRegression', () => {
    expect(furthest(curve('isotonic', one, 0), one.isotonic)).toBeLessThan(1e-14);
  });

  it('isotonic with its floor is at least .003, and 1/(2·size) where nobody won', () => {
    expect(furthest(curve('isotonic', one), one.floored)).toBeLessThan(1e-14);
  });

  it('Platt is the minimum scipy finds of Platt’s objective', () => {
    expect(furthest(curve('platt', one), one.platt)).toBeLessThan(1e-7);
  });

  it('beta is LogisticRegression on ln p and −ln(1−p), a negative weight left out', () => {
    expect(furthest(curve('beta', one), one.beta)).toBeLessThan(1e-7);
  });
});
