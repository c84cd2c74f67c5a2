import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OlderTable, olderTables } from '../../scripts/docs/older-systems/older-tables.ts';
import { show } from '../../src/api/show.ts';
import { ROOT } from '../docs/documents.ts';
import { query } from '../e2e/velo.ts';
import { racingWarehouse, SAMPLE } from '../shared/racing-warehouse.ts';
import { alike, byHand, racesOf } from './older-columns.ts';

/** The key of each view, by the names of ours. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  trainer_velocity: ['trainer_id', 'as_of_date'],
  jockey_velocity: ['jockey_id', 'as_of_date'],
  trainer_jockey_combo: ['trainer_id', 'jockey_id', 'as_of_date'],
  horse_form: ['horse_id', 'as_of_date'],
  course_going_bias: ['course', 'going_group', 'attribute', 'as_of_date'],
  draw_bias: ['course', 'distance_band', 'going_group', 'as_of_date'],
  race_training_dataset: ['race_id', 'horse_id'],
};

const target = mkdtempSync(join(tmpdir(), 'velo-compat-'));
const database = join(target, 'velo.duckdb');
let tables: readonly OlderTable[] = [];
const named = (name: string): OlderTable => {
  const found = tables.find((table) => table.name === name);
  if (!found) throw new Error(`no view ${name}`);
  return found;
};

beforeAll(async () => {
  // A copy: `show` opens the database for writing.
  cpSync((await racingWarehouse(SAMPLE)).targetPath, target, { recursive: true });
  tables = olderTables(JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')));
}, 300_000);
afterAll(() => rmSync(target, { recursive: true, force: true }));

it('describes each column of each view, in its order, and no other', async () => {
  const real = await query(
    database,
    `select table_name, list(column_name order by ordinal_position) from information_schema.columns
     where table_schema = 'main_compat' group by 1 order by 1`,
  );
  expect(
    tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]).toSorted(),
  ).toEqual(real);
});

it.each(Object.keys(KEYS))('%s has the rows of ours, value by value', async (name) => {
  const { columns } = named(name);
  const ours = name === 'race_training_dataset' ? 'training_dataset' : name;
  const pairs = columns.flatMap((column) => {
    const [table, source] = column.ours?.split('.') ?? [];
    return table === ours && source !== undefined ? [{ theirs: column.name, source }] : [];
  });
  const keys = (KEYS[name] ?? []).map((key) => {
    const theirs = pairs.find(({ source }) => source === key)?.theirs;
    return `older.${theirs} = ours.${key}`;
  });
  const differs = pairs.map(
    ({ theirs, source }) => `older.${theirs} is distinct from ours.${source}`,
  );
  const [[rows, found, different] = []] = await query(
    database,
    `select (select count(*) from main.${ours}), count(*), count(*) filter (where ${differs.join(' or ')})
     from main_compat.${name} as older join main.${ours} as ours on ${keys.join(' and ')}`,
  );
  expect(Number(rows)).toBeGreaterThan(100);
  expect([found, different]).toEqual([rows, '0']);
});

it('computes what only the rebuild worker had, as counting by hand does', async () => {
  const rows = await racesOf(database);
  expect(rows.length).toBeGreaterThan(1000);
  const wrong = rows.flatMap(({ runner, race }) => {
    const expected = byHand(runner, race);
    return Object.entries(expected)
      .filter(([name, value]) => !alike(value, runner[name] ?? null))
      .map(
        ([name, value]) =>
          `${String(runner['race_id'])} ${name}: ${String(runner[name])}, by hand ${String(value)}`,
      );
  });
  expect(wrong.slice(0, 5)).toEqual([]);
  const computed = named('race_training_dataset').columns.filter(({ ours }) => ours === undefined);
  const first = rows[0];
  expect(computed.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(first ? byHand(first.runner, first.race) : {}).toSorted(),
  );
});

it('analyses/mistakes_of_older_systems counts what changes', async () => {
  const [shown] = await show({
    projectDir: ROOT,
    targetPath: target,
    environment: { HOME: ROOT },
    emit: () => {},
    select: ['mistakes_of_older_systems'],
    limit: -1,
  });
  const names = shown?.table.columns.map(({ name }) => name) ?? [];
  const of = (name: string) => names.indexOf(name);
  const percents = new Map(
    shown?.table.rows.map((row) => [row[of('mistake')], row[of('changed_percent')]]),
  );
  const [[firstRaces, otherClass] = []] = await query(
    database,
    `select round(100.0 * avg(case when elo_runs = 0 then 1 else 0 end), 1),
       round(100.0 * avg(case when class_step_up or class_step_down then 1 else 0 end), 1)
     from training_dataset where won is not null`,
  );
  expect(percents.get('Elo 1200 for horses without a race')).toBe(firstRaces);
  expect(percents.get('class drop with its sign inverted')).toBe(otherClass);
  // Today's own run is in the window of every runner.
  expect(percents.get('the window includes the race day')).toBe(100);
  expect(shown?.table.rows).toHaveLength(11);
});
