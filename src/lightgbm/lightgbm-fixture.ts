import { seededRandom } from '../core/random.ts';
import type { TrainingInput } from './messages.ts';

/** Rows whose label depends on a category of 40 (`shape`), a number (`size`, a tenth of it missing), and chance. */
export function someRows(count: number, seed = 1) {
  const random = seededRandom(seed);
  const shape = Float64Array.from({ length: count }, () => Math.floor(random() * 40));
  const size = Float64Array.from({ length: count }, () => (random() < 0.1 ? Number.NaN : random()));
  const label = Float32Array.from({ length: count }, (_, i) => {
    const score = Number((shape[i] ?? 0) % 7 < 3) + (size[i] || 0.5) - 0.2 - random();
    return Number(score > 0.4);
  });
  return { columns: [shape, size], label };
}

/** A small training: 8 leaves, 10 rounds, unless told. */
export function someTraining(change: Partial<TrainingInput> = {}): TrainingInput {
  return {
    training: someRows(2000),
    featureNames: ['shape', 'size'],
    parameters:
      'objective=binary categorical_feature=0 num_leaves=8 num_threads=2 deterministic=true force_col_wise=true verbosity=0',
    rounds: 10,
    ...change,
  };
}
