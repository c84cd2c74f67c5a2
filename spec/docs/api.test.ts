import { expect, it } from 'vitest';
import { readText } from './documents.ts';

const namesIn = (text: string): string[] => [...text.matchAll(/\w+/g)].map(([word]) => word);

it('the guide of the API names all that velo exports, and each event', () => {
  const guide = new Set(namesIn(readText('docs/guides/api.md')));
  const exported = [...readText('src/index.ts').matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(
    ([, names = '']) => namesIn(names).filter((name) => name !== 'type'),
  );
  expect(exported.length).toBeGreaterThan(60);
  expect(exported.filter((name) => !guide.has(name))).toEqual([]);
  const events = [...readText('src/core/events.ts').matchAll(/type: '([\w-]+)'/g)].map(
    ([, name = '']) => name,
  );
  const table = readText('docs/guides/api.md').split('## Events')[1] ?? '';
  expect(events.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
