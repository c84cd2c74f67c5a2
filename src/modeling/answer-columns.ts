import type { TypedColumns } from '../core/columns.ts';
import { answerOf } from '../estimators/answers.ts';
import { classColumns } from './class-values.ts';
import type { ModelBundle } from './model-bundle.ts';

/**
 * What a model says, as columns: a chance under `chance`, a number as `prediction`, of classes `predicted` and the chance
 * of each. NaN: nothing was said of the row. `answers`: row after row.
 */
export function answerColumns(
  { objective, classes }: Pick<ModelBundle, 'objective' | 'classes'>,
  answers: Float64Array,
  chance: string,
): TypedColumns {
  if (classes) return classColumns(answers, classes);
  const name = answerOf(objective).kind === 'chance' ? chance : 'prediction';
  return { [name]: { type: 'DOUBLE', values: answers } };
}
