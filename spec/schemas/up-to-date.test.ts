import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonSchema, schemaNames } from '../../scripts/schemas/json-schemas.ts';
import { ROOT, readText } from '../docs/documents.ts';

it.each(schemaNames)('schemas/%s.json is what `npm run schemas` writes', (name) => {
  expect(readText(`schemas/${name}.json`)).toBe(jsonSchema(name));
});

it('schemas/ holds no others', () => {
  const files = readdirSync(join(ROOT, 'schemas'));
  expect(files.sort()).toEqual(schemaNames.map((name) => `${name}.json`).sort());
});

/** Keys below `properties` of a JSON Schema that an editor would show without a word. */
function silentKeys(schema: unknown, at = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const inner = silentKeys(value, `${at}/${key}`);
    if (key !== 'properties') return inner;
    const silent = Object.entries(value as Record<string, { readonly description?: string }>)
      .filter(([, property]) => !property.description)
      .map(([name]) => `${at}/${name}`);
    return [...silent, ...inner];
  });
}

it.each(schemaNames)('every key of %s is described', (name) => {
  expect(silentKeys(JSON.parse(jsonSchema(name)))).toEqual([]);
});
