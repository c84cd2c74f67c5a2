import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SMALL } from '../../scripts/simulate/sample.ts';
import { simulate } from '../../scripts/simulate/simulate.ts';
import { csvPaths, writeCsv } from '../../scripts/simulate/write-csv.ts';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FIXTURE = join(ROOT, 'fixtures/rpscrape');
const MINUTES = 60_000;

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'velo-rpscrape-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Builds the racing project from one source up to the card of the last day: its database, what failed and what warned. */
async function racing(vars: Readonly<Record<string, string>>) {
  const targetPath = scratch();
  const { result } = await build(ROOT, {
    vars: JSON.stringify({ ...vars, begin: '2025-01-01' }),
    targetPath,
    environment: {},
    asOf: '2025-12-31',
  });
  const named = (...statuses: readonly string[]) =>
    result.results
      .filter(({ status }) => statuses.includes(status))
      .map(({ node, message }) => `${node}: ${message}`);
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return {
    database: join(targetPath, file),
    failed: named('error', 'fail', 'skipped'),
    warned: named('warn'),
  };
}

/** Rows of a table by column, in the order of race and horse. */
async function table(database: string, name: string): Promise<ReadonlyMap<string, unknown[]>> {
  const columns = await query(
    database,
    `select column_name from information_schema.columns where table_name = '${name}' and table_schema = 'main'`,
  );
  const rows = await query(database, `select * from ${name} order by race_id, horse_id`);
  return new Map(columns.map(([column], index) => [String(column), rows.map((row) => row[index])]));
}

/** Races in the order of their numbers, by day and course. */
const raceOrder = (database: string) =>
  query(
    database,
    'select distinct race_date, course, race_no, race_id from runs order by 1, 2, 3',
  ).then((rows) => rows.map(([, , , race]) => race));

/** Columns whose values are not the same, or are on one side only. */
function differing(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>) {
  const columns = [...new Set([...left.keys(), ...right.keys()])];
  return columns.filter(
    (column) => JSON.stringify(left.get(column)) !== JSON.stringify(right.get(column)),
  );
}

/** Columns of training_dataset that the layout cannot carry. */
const LOST: Readonly<Record<string, RegExp>> = {
  'distances are whole half furlongs: 1600 m is 1m, which is 1609':
    /^distance_m(_change|_diff_placed)?$/,
  'races have no number: where one of a meeting is absent, those after it count one less':
    /^race_no$/,
  'there are no sectionals':
    /^(sectional_runs|(early|mid|late)_pos_share_avg|gain_(early|mid)_finish_avg|sec_z_\w+_avg|running_style|(fader|closer|front)_(count|rate)|kick_consistency|break_bias)$/,
  'front runners are told by their position at the first call': /^bias_front_runner_/,
};
const isLost = (column: string) => Object.values(LOST).some((pattern) => pattern.test(column));

test(
  'the same racing gives the same features through files and through rpscrape',
  async () => {
    const folder = scratch();
    await writeCsv(simulate(SMALL), csvPaths(folder));
    const files = await racing({ source: 'files', data_path: folder, data_format: 'csv' });
    const results = await racing({ source: 'rpscrape', data_path: FIXTURE });
    expect([files.failed, results.failed, results.warned]).toEqual([[], [], []]);
    for (const name of ['training_dataset', 'race_card']) {
      const left = await table(files.database, name);
      const right = await table(results.database, name);
      expect(right.get('horse_id')).toEqual(left.get('horse_id'));
      const names = differing(left, right);
      expect(names.filter((column) => !isLost(column))).toEqual([]);
    }
    const left = await table(files.database, 'training_dataset');
    const right = await table(results.database, 'training_dataset');
    expect(left.get('horse_id')?.length).toBeGreaterThan(600);
    const names = differing(left, right);
    for (const [reason, pattern] of Object.entries(LOST)) {
      expect(
        names.some((column) => pattern.test(column)),
        reason,
      ).toBe(true);
    }
    // 5, 6, 7, 8, 9, 10 and 12 furlongs of 201.168 m.
    const metres: Readonly<Record<string, number>> = {
      1000: 1006,
      1200: 1207,
      1400: 1408,
      1600: 1609,
      1800: 1811,
      2000: 2012,
      2400: 2414,
    };
    const expected = left.get('distance_m')?.map((distance) => metres[String(distance)]);
    expect(right.get('distance_m')).toEqual(expected);
    expect(await raceOrder(results.database)).toEqual(await raceOrder(files.database));
  },
  5 * MINUTES,
);

test(
  'repeated rows count once, and what cannot be read is counted',
  async () => {
    const folder = scratch();
    const [header = '', first = '', ...rest] = readFileSync(join(FIXTURE, 'results.csv'), 'utf8')
      .trim()
      .split('\n');
    const wgt = header.split(',').indexOf('wgt');
    const broken = first.split(',').map((field, index) => (index === wgt ? '9-14' : field));
    writeFileSync(join(folder, '2025.csv'), `${[header, broken.join(','), ...rest].join('\n')}\n`);
    writeFileSync(join(folder, 'again.csv'), `${[header, ...rest.slice(0, 200)].join('\n')}\n`);
    const { database, failed, warned } = await racing({ source: 'rpscrape', data_path: folder });
    expect(failed).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(/rpscrape_values_are_read.*1 /)]);
    const [counts] = await query(
      database,
      `select count(*), count(*) filter (where weight_lbs is null),
          count(distinct race_id) filter (where not has_result and race_date < '2025-12-31')
       from runs`,
    );
    expect(counts?.map(Number)).toEqual([rest.length + 1, 1, 1]);
  },
  5 * MINUTES,
);

/** A dead heat of three fillies on the all-weather in Ireland, over a distance with a fraction; a fourth is disqualified. */
const DEAD_HEAT = ['1', '1', '1', 'dsq'].map((pos, index) => ({
  date: '2025-03-01',
  course: 'Dunsallow (AW) (IRE)',
  race_id: '7',
  off: '2:25',
  race_name: 'Kettle Maiden',
  type: 'Flat',
  age_band: '2yo',
  dist: '1m1½f',
  going: 'Frozen Sand',
  ran: '4',
  num: String(index + 1),
  pos,
  draw: ['', '-', '2', '3'][index] ?? '',
  horse: `Made Up ${index + 1} (IRE)`,
  age: '2',
  sex: 'F',
  wgt: '8-12',
  hg: 't',
  time: '1:23.45',
  sp: ['9/2F', '9/2', 'EvensF', '0/1'][index] ?? '',
  jockey: 'A. Pell',
  trainer: 'B. Foxley',
  or: '–',
}));

test(
  'a hand-made race is read as it is meant',
  async () => {
    const folder = scratch();
    const header = readFileSync(join(FIXTURE, 'results.csv'), 'utf8').split('\n', 1)[0] ?? '';
    const columns = header.split(',');
    const lines = DEAD_HEAT.map((row) => {
      const fields = new Map(Object.entries(row));
      return columns.map((column) => fields.get(column) ?? '').join(',');
    });
    writeFileSync(join(folder, 'race.csv'), `${[header, ...lines].join('\n')}\n`);
    const { database, failed, warned } = await racing({ source: 'rpscrape', data_path: folder });
    expect(failed).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(/rpscrape_values_are_read.*1 /)]);
    const races = await query(
      database,
      `select distinct course, surface, distance_m, going_group, class_rating, is_handicap, winners, starters, race_no from runs`,
    );
    // 1609.344 + 1.5 · 201.168 = 1911.096 m.
    const race = ['Dunsallow (IRE)', 'AWT', 1911, 'all_weather', 20, false, 3, 4, 1];
    expect(races).toEqual([race]);
    const rows = await query(
      database,
      `select r.horse_id, r.draw, r.status, r.weight_lbs, r.rating, r.odds, r.finish_time_s, s.sex, cast(s.off_at as varchar)
       from runs as r join stg_rpscrape_runs as s using (race_id, horse_id) order by 1`,
    );
    const row = (index: number, draw: number | null, status: string, odds: number | null) => [
      `Made Up ${index} (IRE)`,
      ...[draw, status, 124, null, odds, 83.45, 'F', '2025-03-01 14:25:00'],
    ];
    expect(rows).toEqual([
      row(1, null, 'finished', 5.5),
      row(2, null, 'finished', 5.5),
      row(3, 2, 'finished', 2),
      row(4, 3, 'DSQ', null),
    ]);
  },
  2 * MINUTES,
);
