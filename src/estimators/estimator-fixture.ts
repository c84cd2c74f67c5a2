import { seededRandom } from '../core/random.ts';
import { featureColumn } from './encode-columns.ts';
import type { FitOptions, LabelledRows } from './estimator.ts';

export const OPTIONS: FitOptions = {
  objective: 'binary',
  params: {},
  rounds: 20,
  seed: 7,
  threads: 2,
};
const GOINGS = ['firm', 'good', 'soft', null];

/** Winners depend on speed (a tenth of it missing) and on whether they like the going. */
export function races(count: number, seed = 1): LabelledRows {
  const random = seededRandom(seed);
  const speed = Float64Array.from({ length: count }, () =>
    random() < 0.1 ? Number.NaN : random(),
  );
  const going = Array.from({ length: count }, () => GOINGS[Math.floor(random() * 4)] ?? null);
  const target = Float64Array.from({ length: count }, (_, i) =>
    Number((speed[i] || 0.5) + (going[i] === 'soft' ? 0.4 : 0) + random() > 1.2),
  );
  return {
    count,
    features: [featureColumn('speed', speed, false), featureColumn('going', going, false)],
    target,
    groups: Int32Array.from({ length: count / 10 }, () => 10),
    prices: Float64Array.from({ length: count }, () => 5 + 10 * random()),
  };
}
