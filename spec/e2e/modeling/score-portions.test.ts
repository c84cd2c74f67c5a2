import { join } from 'node:path';
import { expect, it } from 'vitest';
import { duckdb } from '../../../src/adapters/duckdb/duckdb.ts';
import { readEnvironment } from '../../../src/config/environment.ts';
import type { TypedColumn, TypedColumns } from '../../../src/core/columns.ts';
import { openEstimatorTools } from '../../../src/estimators/estimator-tools.ts';
import { type Scoring, scoreRows } from '../../../src/modeling/score-rows.ts';
import type { ScoreSettings } from '../../../src/modeling/score-settings.ts';
import { HARVILLE } from '../../../src/pricing/place-probabilities.ts';
import { readRegistry } from '../../../src/state/registry.ts';
import { registryTables } from '../../../src/state/registry-schema.ts';
import { makeProject } from '../velo.ts';
import { TOY } from './toy.ts';

const SETTINGS: ScoreSettings = {
  model: 'win_model',
  version: { by: 'folds' },
  key: ['race_id', 'horse'],
  date: 'race_date',
  keep: ['surface', 'won'],
  explain: 2,
  pricing: {
    odds: 'odds',
    places: 'places',
    placeFraction: undefined,
    discounts: HARVILLE,
    commission: 0.02,
    kellyFraction: 1,
    // Reached by some races and days: what is staked goes from one portion to the next.
    caps: { perBet: 0.2, perRace: 0.3, perDay: 0.5 },
  },
};

it('scores are the same however the rows are parted', async () => {
  const project = makeProject(TOY);
  expect((await project.velo(['build'])).exitCode).toBe(0);
  const settings = duckdb.parseSettings({ type: 'duckdb', path: project.database, threads: 2 });
  await using warehouse = await duckdb.open(settings);
  await using estimators = openEstimatorTools(readEnvironment());
  await warehouse.use(async (connection) => {
    const { dialect } = duckdb;
    const tables = registryTables(dialect, { database: undefined, schema: 'main' });
    const registry = await readRegistry(connection, dialect, tables, 'win_model');
    const warned: string[] = [];
    const scoring: Scoring = {
      connection,
      dialect,
      registry,
      models: {
        estimators,
        threads: 2,
        signal: undefined,
        tables,
        artifactsDir: join(project.dir, 'artifacts'),
        runId: '',
        now: Date.now,
        commit: async () => undefined,
        say() {},
        tell() {},
        trained() {},
        backtested() {},
        warn: (message) => void warned.push(message),
      },
      name: 'win_model',
      span: { file: 'models/signals.sql', line: 1, column: 1 },
    };
    const sql = 'select *, 2 as places from main.races';
    const { table } = await connection.fetch(`select * from (${sql}) limit 0`);
    const scored = (rowsAtOnce: number) =>
      connection.transaction(async () => {
        const portions: TypedColumns[] = [];
        await scoreRows(sql, table.columns, SETTINGS, { ...scoring, rowsAtOnce }, async (one) => {
          portions.push(one);
        });
        return portions;
      });
    const whole = await scored(4000);
    expect(whole).toHaveLength(1);
    const [all] = whole as [TypedColumns];
    expect(all['kelly_stake']?.values.length).toBe(4000);
    // 500 races of 8, 40 rows a day: as many portions as there are whole multiples with a race that begins in them.
    for (const [rowsAtOnce, portions] of [
      [3999, 1],
      [1000, 4],
      [97, 42],
      [40, 100],
    ] as const) {
      const parts = await scored(rowsAtOnce);
      expect(parts).toHaveLength(portions);
      for (const [column, { type, values }] of Object.entries(all)) {
        expect(parts[0]?.[column]?.type).toBe(type);
        const joined = parts.flatMap((part) => [...(part[column] as TypedColumn).values]);
        expect(joined, column).toEqual([...values]);
      }
    }
    expect(warned).toEqual([]);
  });
}, 300_000);
