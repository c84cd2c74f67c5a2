import { expect, it } from 'vitest';
import { renderDeep } from './render-yaml.ts';

const render = (text: string) =>
  renderDeep(text, () => ({ file: 'profiles.yml', line: 1, column: 1 }), {});

it.each([
  ["{{ '5432' | as_number }}", 5432],
  ["{{ '1.5' | as_native }}", 1.5],
  ["{{ 'False' | as_bool }}", false],
  ["{{ '5432' }}", '5432'],
  ["{{ 'x' | as_number }}", 'x'],
  ["a {{ '1' | as_number }}", 'a 1'],
])('%s is %j', (text, value) => {
  expect(render(text)).toBe(value);
});
