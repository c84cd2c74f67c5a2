import { type Calibrator, stored } from './calibrator.ts';
import { fitLogistic, sigmoid } from './logistic.ts';

const CLIP = 1e-15;

/** ln(p/(1−p)), p clipped to [1e−15, 1−1e−15]; NaN of NaN. */
const logit = (p: number): number => {
  const clipped = Math.min(Math.max(p, CLIP), 1 - CLIP);
  return Math.log(clipped) - Math.log1p(-clipped);
};

/**
 * Platt scaling: p′ = sigmoid(a·logit p + b), fitted to targets (N₊+1)/(N₊+2) and 1/(N₋+2) instead of 1 and 0
 * (Platt 1999). On log odds and not on p, so that a = 1, b = 0 changes nothing.
 */
export const platt: Calibrator = {
  name: 'platt',
  fit(p, y) {
    const wins = Array.from(y).reduce((sum, won) => sum + won, 0);
    const [low, high] = [1 / (p.length - wins + 2), (wins + 1) / (wins + 2)];
    const target = Float64Array.from(p, (_, row) => (y[row] === 1 ? high : low));
    return { weights: [...fitLogistic([p.map(logit)], target)] };
  },
  curve(state) {
    const [a, b] = stored(state, 'weights', 2) as [number, number];
    return (p) => sigmoid(a * logit(p) + b);
  },
};
