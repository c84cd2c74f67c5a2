import { type Calibrator, stored } from './calibrator.ts';
import { fitLogistic, sigmoid } from './logistic.ts';

const CLIP = 1e-15;

const clip = (p: number): number => Math.min(Math.max(p, CLIP), 1 - CLIP);
const logP = (p: number): number => Math.log(clip(p));
const minusLogRest = (p: number): number => -Math.log1p(-clip(p));

/**
 * Beta calibration: p′ = sigmoid(a·ln p − b·ln(1−p) + c) with a, b ≥ 0 (Kull, Silva Filho & Flach 2017). A weight that
 * comes out negative is set to 0 and the other fitted again; where both do, the rate is all that is left.
 */
export const beta: Calibrator = {
  name: 'beta',
  fit(p, y) {
    const columns = [p.map(logP), p.map(minusLogRest)] as const;
    const target = Float64Array.from(y);
    const [a = 0, b = 0, c = 0] = fitLogistic(columns, target);
    if (a >= 0 && b >= 0) return { weights: [a, b, c] };
    const kept = a < 0 ? 1 : 0;
    const [weight = 0, intercept = 0] = fitLogistic([columns[kept]], target);
    if (weight < 0) return { weights: [0, 0, ...fitLogistic([], target)] };
    return { weights: kept === 1 ? [0, weight, intercept] : [weight, 0, intercept] };
  },
  curve(state) {
    const [a, b, c] = stored(state, 'weights', 3) as [number, number, number];
    return (p) => sigmoid(a * logP(p) + b * minusLogRest(p) + c);
  },
};
