import { ProjectError } from '../core/errors.ts';
import { dateOf, daysBefore, lengthOf, rowsWithin } from './days.ts';
import type { DayRange, Development, Fold, SplitSpec } from './split.ts';

/**
 * Blocks of days one after the other up to the end of the development rows, each judged by what was trained before
 * it: train day + gap < validation day. Raises ProjectError too-few-days.
 */
export function timeFolds(development: Development, spec: SplitSpec): Fold[] {
  const blocks = validationBlocks(development.days, spec);
  const gap = lengthOf(spec, 'gap');
  const window = lengthOf(spec, 'train');
  return blocks.map((validation, i) => {
    const to = daysBefore(validation.from, gap);
    const from = window ? daysBefore(to, window) : development.days.from;
    const fold = {
      train: rowsWithin(development.rows, development.columns.day, { from, to }),
      validation: rowsWithin(development.rows, development.columns.day, validation),
    };
    const named = `fold ${i + 1} of ${spec.folds}`;
    if (fold.train.length === 0) throw noTraining(development, spec, to, named);
    if (fold.validation.length === 0)
      throw empty(`${named} has no rows to validate on`, validation);
    return fold;
  });
}

function validationBlocks(days: DayRange, spec: SplitSpec): DayRange[] {
  const length = lengthOf(spec, 'validation');
  const share = Math.floor((days.to - days.from) / (spec.folds + 1));
  if (!length && share < 1) {
    throw tooFew(
      `${spec.folds} folds need ${spec.folds + 1} days; before the test there are ${Math.max(0, days.to - days.from)}`,
    );
  }
  const blocks: DayRange[] = [];
  for (let to = days.to; blocks.length < spec.folds; to = blocks[0]?.from ?? to) {
    blocks.unshift({ from: length ? daysBefore(to, length) : to - share, to });
  }
  return blocks;
}

function noTraining(
  { days, columns }: Development,
  spec: SplitSpec,
  trainTo: number,
  named: string,
): ProjectError {
  if (trainTo > days.from) {
    return empty(`${named} has no rows to train on`, { from: days.from, to: trainTo });
  }
  const last = columns.day.reduce((latest, day) => Math.max(latest, day));
  const blocks = spec.validation
    ? `${spec.folds} folds of ${spec.validation}`
    : `${spec.folds} folds`;
  const parts = [
    spec.gap ? `${blocks}, a gap of ${spec.gap}` : blocks,
    spec.test ? `a test of ${spec.test}` : [],
  ].flat();
  return tooFew(
    `${parts.join(' and ')} need ${last + 2 - trainTo} days; the rows have ${last + 1 - days.from}, ${dateOf(days.from)} to ${dateOf(last)}`,
  );
}

const empty = (what: string, { from, to }: DayRange): ProjectError =>
  tooFew(`${what}, ${dateOf(from)} to ${dateOf(to - 1)}`);

const tooFew = (message: string): ProjectError =>
  new ProjectError('too-few-days', message, {
    hint: 'make folds, validation or test smaller, or give it more rows',
  });
