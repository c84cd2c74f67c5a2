import { ProjectError } from '../core/errors.ts';
import type { TrainingRows } from './read-training-rows.ts';
import type { TrainSettings } from './train-settings.ts';
import type { Yardstick } from './yardstick.ts';

/**
 * Makes sure that every target can be learned and judged, before the work.
 * @throws ProjectError 'training-data' with the first that cannot
 */
export function checkTarget(
  { target, days, classes }: TrainingRows,
  { demand: { words, fits } }: Yardstick,
  { target: name, objective, span }: Pick<TrainSettings, 'target' | 'objective' | 'span'>,
): void {
  const wrong = target.findIndex((value) => !fits(value));
  if (wrong >= 0) {
    const day = new Date((days[wrong] as number) * 86_400_000).toISOString().slice(0, 10);
    throw new ProjectError(
      'training-data',
      `the target must be ${words}; '${name}' is ${target[wrong]} in a row of ${day}`,
      { span, hint: `change the target, or choose another objective than '${objective}'` },
    );
  }
  if (classes?.length !== 1) return;
  throw new ProjectError('training-data', `the target is '${classes[0]}' in all rows`, {
    span,
    hint: 'train on more days, or check the join that makes the target',
  });
}
