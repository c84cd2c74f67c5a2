import { describe, expect, test } from 'vitest';
import { VeloErrors } from '../core/errors.ts';
import { modelConfig, testConfig } from './config-schemas.ts';
import { type ConfigLayer, resolveConfig } from './resolve-config.ts';

const layer = (values: Record<string, unknown>, file = 'models/a.sql'): ConfigLayer => ({
  values,
  spanOf: (key) => ({ file, line: 1, column: key.length }),
});

const resolved = (...layers: Record<string, unknown>[]) =>
  resolveConfig(
    modelConfig,
    layers.map((values) => layer(values)),
  ).config;

/** The messages of all faults, with where they stand. */
function faults(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof VeloErrors)) throw error;
    return error.errors.map(({ message, span, code }) => `${span?.file}: ${code}: ${message}`);
  }
  return [];
}

test('without settings the defaults stand', () => {
  expect(resolved()).toMatchObject({
    enabled: true,
    materialized: 'view',
    tags: [],
    meta: {},
    unique_key: null,
    batch_size: null,
    lookback: 1,
    on_schema_change: 'ignore',
  });
});

describe('stronger layers', () => {
  test('replace what weaker ones say', () => {
    const config = resolved(
      { materialized: 'table', schema: 'one', unique_key: ['a', 'b'] },
      { materialized: 'incremental', unique_key: 'c' },
    );
    expect(config).toMatchObject({ materialized: 'incremental', schema: 'one', unique_key: 'c' });
  });

  test('add their tags, each once', () => {
    expect(resolved({ tags: ['a', 'b'] }, { tags: 'b' }, { tags: ['c', 'a'] }).tags).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('merge their meta, key by key', () => {
    const { meta } = resolved({ meta: { a: 1, b: { x: 1 } } }, { meta: { b: { y: 2 }, c: 3 } });
    expect(meta).toEqual({ a: 1, b: { y: 2 }, c: 3 });
  });

  test('take a setting back with null where null is allowed', () => {
    expect(resolved({ schema: 'one' }, { schema: null }).schema).toBeNull();
  });
});

describe('faults', () => {
  test('all of them are told at once, each where it was written', () => {
    const layers = [
      layer({ materialised: 'table' }, 'velo_project.yml'),
      layer({ enabled: 'yes', batch_size: 0 }, 'models/models.yml'),
      layer({ lookback: -1, tags: ['fine'] }),
    ];
    expect(faults(() => resolveConfig(modelConfig, layers))).toEqual([
      "velo_project.yml: unknown-config: unknown config 'materialised'",
      `models/models.yml: invalid-config: config 'enabled' must be true or false, not "yes"`,
      expect.stringMatching(
        /^models\/models\.yml: .*'batch_size' must be (more|greater) than 0, not 0/,
      ),
      "models/a.sql: invalid-config: config 'lookback' must be at least 0, not -1",
    ]);
  });

  test('a near miss is named', () => {
    const hint = (() => {
      try {
        resolved({ materialised: 'table' });
        return undefined;
      } catch (error) {
        return (error as VeloErrors).errors[0]?.hint;
      }
    })();
    expect(hint).toContain('materialized');
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    "'%s' is no config",
    (key) => {
      expect(faults(() => resolved({ [key]: 1 }))).toEqual([
        `models/a.sql: unknown-config: unknown config '${key}'`,
      ]);
    },
  );

  test.each(['> 10', '!= 0', '>= 3', '=0', '<> 1', ' < 2 '])("'%s' is a threshold", (error_if) => {
    expect(faults(() => resolveConfig(testConfig, [layer({ error_if })]))).toEqual([]);
  });

  test.each(['10', '> x', '!! 1', '> 1; drop', '> 1.5'])("'%s' is none", (error_if) => {
    expect(faults(() => resolveConfig(testConfig, [layer({ error_if })]))).toHaveLength(1);
  });
});
