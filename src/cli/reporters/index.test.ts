import { expect, it } from 'vitest';
import { ConfigError } from '../../core/errors.ts';
import { reporters } from './index.ts';

it('knows every reporter by name', () => {
  expect(reporters.all().map(({ name }) => name)).toEqual([
    'lines',
    'live',
    'json',
    'quiet',
    'debug',
    'phases',
  ]);
  expect(reporters.get('json').name).toBe('json');
  expect(() => reporters.get('jsno')).toThrow(ConfigError);
});
