import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test } from 'vitest';
import { compile } from '../../src/api/compile.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Compiles a call over a column `said` with the project's macros; what it makes of each text. */
async function read(call: string, texts: readonly (string | null)[]): Promise<readonly unknown[]> {
  const targetPath = mkdtempSync(join(tmpdir(), 'velo-notations-'));
  onTestFinished(() => rmSync(targetPath, { recursive: true, force: true }));
  const [query] = await compile({
    projectDir: ROOT,
    targetPath,
    environment: {},
    emit: () => {},
    inline: `select {{ ${call} }} as value from texts order by position`,
  });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('create table texts (position integer, said varchar, other varchar)');
  for (const [position, text] of texts.entries()) {
    const [said = null, other = null] = text?.split('|') ?? [];
    await connection.run('insert into texts values ($1, $2, $3)', [position, said, other]);
  }
  const rows = (await connection.runAndReadAll(query?.sql ?? '')).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows.map(([value]) => value);
}

type Case = readonly [text: string | null, value: unknown];

/** Expected values are by hand: 14 lb a stone; 1609.344 m a mile, 201.168 a furlong, 0.9144 a yard. */
const NOTATIONS: Readonly<Record<string, readonly Case[]>> = {
  // What a clock in London shows at the off counts on: clocks went back before 26 October and forward before 30 March.
  "by_clock_of_off('cast(said as timestamptz)', 'cast(other as timestamp)', \"'Europe/London'\")": [
    ['2025-10-25 20:00:00+00|2025-10-26 13:10', '2025-10-25 20:00:00'],
    ['2025-10-26 00:30:00+00|2025-10-26 13:10', '2025-10-26 00:30:00'],
    ['2025-10-26 01:30:00+00|2025-10-26 13:10', '2025-10-26 01:30:00'],
    ['2025-10-25 12:00:00+00|2025-10-25 13:10', '2025-10-25 13:00:00'],
    ['2025-03-29 20:00:00+00|2025-03-30 13:10', '2025-03-29 21:00:00'],
    ['2025-03-30 12:09:59+00|2025-03-30 13:10', '2025-03-30 13:09:59'],
  ],
  "given('said')": [
    [' Good ', 'Good'],
    ['', null],
    [' ', null],
    ['-', null],
    ['–', null],
    ['—', null],
    ['0', '0'],
    [null, null],
  ],
  "whole_number('said')": [
    ['12', 12],
    ['0', 0],
    ['7a', null],
    ['7.5', null],
    ['-3', null],
    ['99999999999', null],
    [null, null],
  ],
  "plain_number('said')": [
    ['11000', 11000],
    ['£4,500.50', 4500.5],
    ['€900', 900],
    [',', null],
    ['many', null],
    [null, null],
  ],
  "stones_and_pounds('said')": [
    ['9-7', 133],
    ['7-13', 111],
    ['8-0', 112],
    ['11-10', 164],
    ['9-14', null],
    ['0-0', null],
    ['9', null],
    ['9-7-1', null],
    ['133', null],
    [null, null],
  ],
  "miles_and_furlongs('said')": [
    ['2m4½f', 4124],
    ['7f', 1408],
    ['5½f', 1106],
    ['1m', 1609],
    ['1m¼f', 1660],
    ['1m¾f', 1760],
    ['½f', 101],
    ['1m2.5f', 2112],
    ['1m110y', 1710],
    ['2m3f110yds', 3923],
    ['0f', null],
    ['4f2m', null],
    ['1600', null],
    ['', null],
    ['far', null],
    [null, null],
  ],
  "minutes_and_seconds('said')": [
    ['1:23.45', 83.45],
    ['59.12', 59.12],
    ['5:03.1', 303.1],
    ['2:00', 120],
    ['10:00.00', 600],
    ['1:60.00', null],
    ['0.00', null],
    ['1:2:3', null],
    ['fast', null],
    [null, null],
  ],
  "fractional_price('said')": [
    ['9/2F', 5.5],
    ['EvensF', 2],
    ['Evens', 2],
    ['EvsJ', 2],
    ['100/30J', 130 / 30],
    ['4/6', 10 / 6],
    ['8/11C', 19 / 11],
    ['461/100', 5.61],
    ['1/100', 1.01],
    ['500/1', 501],
    ['0/1', null],
    ['9/0', null],
    ['9-2', null],
    ['5.5', null],
    ['9/2X', null],
    ['12345678/1', null],
    [null, null],
  ],
  "lengths('said')": [
    ['1¼', 1.25],
    ['½', 0.5],
    ['2¾', 2.75],
    ['12', 12],
    ['3.5', 3.5],
    ['0.00', 0],
    ['dht', 0],
    ['nse', 0.05],
    ['SHD', 0.1],
    ['hd', 0.2],
    ['nk', 0.3],
    ['dist', 30],
    ['far', null],
    ['', null],
    [null, null],
  ],
  "off_time(\"date '2025-06-01'\", 'said')": [
    ['14:25', '2025-06-01 14:25:00'],
    ['2:25', '2025-06-01 14:25:00'],
    ['02:25:00', '2025-06-01 14:25:00'],
    ['10:55', '2025-06-01 10:55:00'],
    ['9:00', '2025-06-01 21:00:00'],
    ['24:00', null],
    ['noon', null],
    [null, null],
  ],
  // Before the bar the class, behind it the pattern.
  'class_points("other", "said", "\'Kettle Maiden Stakes\'", "\'2yo\'")': [
    ['Class 1|Group 1', 100],
    ['Class 1|Grade 3', 80],
    ['Class 1|Listed', 75],
    ['Class 1', 70],
    ['Class 4', 40],
    ['Class 7', 10],
    ['Class 8', 20],
    [null, 20],
  ],
};

test.each(Object.entries(NOTATIONS))('%s', async (call, cases) => {
  const values = await read(
    call,
    cases.map(([text]) => text),
  );
  expect(cases.map(([text], index) => [text, values[index]])).toEqual(cases);
});
