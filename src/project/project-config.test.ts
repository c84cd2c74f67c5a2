import { expect, test } from 'vitest';
import { readYaml } from '../config/read-yaml.ts';
import { projectConfig } from './project-config.ts';

const YAML = `models:
  +tags: [all]
  shop:
    +materialized: table
    materialized: view
    enabled: true
    staging:
      +schema: stg
      +meta: {owner: me}
      meta: {owner: folder}
      hk:
        orders:
          +tags: one
  other:
    +materialized: never
`;

const file = readYaml('velo_project.yml', YAML);
const { models } = file.value as { models: unknown };

const layersOf = (...fqn: string[]) =>
  projectConfig('models', models, fqn, file, { names: {} } as never);
const valuesOf = (...fqn: string[]) => layersOf(...fqn).map(({ values }) => values);

test('one layer for each folder on the way, the nearest last', () => {
  expect(valuesOf('shop', 'staging', 'hk', 'orders')).toEqual([
    { tags: ['all'] },
    { materialized: 'view', enabled: true },
    { schema: 'stg', meta: { owner: 'me' } },
    { tags: 'one' },
  ]);
});

test('folders that are not named end the way', () => {
  expect(valuesOf('shop', 'marts', 'staging', 'orders')).toEqual([
    { tags: ['all'] },
    { materialized: 'view', enabled: true },
  ]);
  expect(valuesOf('third', 'orders')).toEqual([{ tags: ['all'] }]);
});

test('names of JavaScript are folders like any other', () => {
  expect(valuesOf('constructor', '__proto__', 'toString')).toEqual([{ tags: ['all'] }]);
});

test('a setting knows its line', () => {
  const staging = layersOf('shop', 'staging', 'orders').at(-1);
  expect(staging?.spanOf('schema')).toEqual({ file: 'velo_project.yml', line: 8, column: 7 });
});
