import { ProjectError } from '../core/errors.ts';
import type { LabelledRows } from './estimator.ts';

/** LightGBM's text has names between spaces, and refuses what JSON needs. */
const FORBIDDEN = /[\s",:[\]{}]/;

/** @throws ProjectError 'training-data' for names a model cannot keep, and columns of another length than the rows */
export function checkNames({ features, count }: LabelledRows): void {
  if (features.length === 0) throw new ProjectError('training-data', 'there are no features');
  const seen = new Set<string>();
  for (const { name, values } of features) {
    if (FORBIDDEN.test(name) || name === '') {
      const hint = 'name it with letters, digits and _ in the SELECT';
      throw new ProjectError('training-data', `LightGBM takes no feature called '${name}'`, {
        hint,
      });
    }
    if (seen.has(name)) {
      throw new ProjectError('training-data', `two features are called '${name}'`);
    }
    if (values.length !== count) throw new Error(`${name} and the rows differ in length`);
    seen.add(name);
  }
}
