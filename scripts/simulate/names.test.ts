import { expect, test } from 'vitest';
import { horseName, jockeyName, trainerName } from './names.ts';

test('no two people or horses share a name, nor a jockey and a trainer', () => {
  const names = [jockeyName, trainerName, horseName].flatMap((name) =>
    Array.from({ length: 2000 }, (_, index) => name(index)),
  );
  expect(new Set(names).size).toBe(names.length);
});
