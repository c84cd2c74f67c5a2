import { expect, it } from 'vitest';
import type { VeloEvent } from '../../core/events.ts';
import { tellDeprecations } from './deprecations.ts';

const old = (name: string, message: string): VeloEvent => ({ type: 'warning', name, message });
const GIVEN: readonly VeloEvent[] = [
  old('ModelParamUsageDeprecation', 'first'),
  { type: 'warning', message: 'no deprecation' },
  old('ModelParamUsageDeprecation', 'second'),
  // A model of the project that will be gone is no affair of velo or dbt.
  old('UpcomingReferenceDeprecation', 'a model'),
];

function told(isAllShown: boolean): readonly string[] {
  const messages: string[] = [];
  const { emit, close } = tellDeprecations((event) => {
    if (event.type === 'warning') messages.push(event.message);
  }, isAllShown);
  for (const event of GIVEN) emit(event);
  close();
  // There is nothing left to sum up.
  close();
  return messages;
}

it('tells of the first deprecation of a kind, and of all at the end', () => {
  expect(told(false)).toEqual([
    'first',
    'no deprecation',
    'a model',
    'Summary of encountered deprecations:\n- ModelParamUsageDeprecation: 2 occurrences\n' +
      'To see all deprecation instances instead of just the first occurrence of each, run command again with the `--show-all-deprecations` flag.',
  ]);
});

it('tells of each where that is asked for', () => {
  expect(told(true)).toEqual([
    ...['first', 'no deprecation', 'second', 'a model'],
    'Summary of encountered deprecations:\n- ModelParamUsageDeprecation: 2 occurrences',
  ]);
});
