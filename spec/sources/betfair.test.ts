import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';
import { expect, onTestFinished, test } from 'vitest';
import { build } from '../as-of/build.ts';
import { query } from '../e2e/velo.ts';
import { STREAM, writeBetfairFiles } from './betfair-files.ts';
import { type Message, type State, statesOf } from './stream-states.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BETFAIR = resolve(ROOT, '../shared/data/betfair');
const MINUTES = 60_000;

const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'velo-betfair-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Builds the racing project from a folder of files: its database, and what did not pass. */
async function racing(dataPath: string, begin: string) {
  const targetPath = scratch();
  const { result } = await build(ROOT, {
    vars: JSON.stringify({ source: 'betfair', data_path: dataPath, begin }),
    targetPath,
    environment: {},
    asOf: '2024-09-30',
  });
  const [file = ''] = readdirSync(targetPath).filter((name) => name.endsWith('.duckdb'));
  return {
    database: join(targetPath, file),
    failed: result.results
      .filter(({ status }) => !['success', 'pass', 'no-op'].includes(status))
      .map(({ node, status, message }) => `${node} ${status}: ${message}`),
  };
}

async function builtStates(database: string): Promise<readonly State[]> {
  const rows = await query(
    database,
    `select market_id, selection_id, epoch_ms(published_at)::double, back, lay, traded, back_size, lay_size, volume, in_play
     from stg_betfair_stream_prices`,
  );
  return sorted(rows as unknown as readonly State[]);
}

const sorted = (states: readonly State[]): readonly State[] => {
  const key = ([market, runner, at]: State) => `${market} ${runner} ${at}`;
  return states.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
};

test(
  'made files: runs, prices and market as worked out by hand, states as by reading message by message',
  async () => {
    const folder = scratch();
    await writeBetfairFiles(folder);
    const { database, failed } = await racing(folder, '2024-03-31');
    expect(failed).toEqual([]);
    const ask = (sql: string) => query(database, sql);

    // The dogs are no horses, and the place market is no race of its own.
    expect(
      await ask(`select race_id, horse_id, course, race_no, distance_m, strftime(off_at, '%m-%d %H:%M'), is_handicap, pos_raw, status, odds
        from stg_betfair_runs order by 1, 2`),
    ).toEqual([
      ['1.100', '31', 'Ascot', 4, 1100, '04-06 13:10', true, '1', 'finished', 2.5],
      ['1.100', '32', 'Ascot', 4, 1100, '04-06 13:10', true, '2', 'finished', 4],
      ['1.100', '33', 'Ascot', 4, 1100, '04-06 13:10', true, 'UNP', 'UNP', 5],
      ['1.100', '34', 'Ascot', 4, 1100, '04-06 13:10', true, 'UNP', 'UNP', 7],
      ['1.200', '11', 'Hamilton', 1, 2012, '03-31 14:00', true, '1', 'finished', 2.1],
      ['1.200', '12', 'Hamilton', 1, 2012, '03-31 14:00', true, '2', 'finished', 1.9],
      ['1.200', '13', 'Hamilton', 1, 2012, '03-31 14:00', true, 'WD', 'withdrawn', null],
    ]);
    // 20:00 UTC is 21:00 by the clock of the off, though clocks in Britain still showed 20:00.
    expect(
      await ask(`select horse_id, strftime(snapshot_at, '%d %H:%M:%S'), price, back, lay, traded, back_size, lay_size, volume, in_play
        from odds_snapshots where race_id = '1.200' order by 1, 2`),
    ).toEqual([
      ['11', '30 21:00:00', 4, 4, 4.2, 4.1, 10, 8, 100, false],
      ['11', '31 13:30:00', 3.9, 3.9, 4.2, 4.1, 5, 8, 100, false],
      ['11', '31 13:49:59', 3.9, 3.9, 4.2, 3.95, 5, 8, 100, false],
      ['11', '31 13:55:00', 1.5, 1.5, 4.2, 3.95, 1, 8, 100, false],
      ['11', '31 14:01:00', 1.1, 1.1, 4.2, 3.95, 1, 8, 100, true],
      ['12', '30 21:00:00', 2, 2, 2.02, null, 50, 1, null, false],
      ['12', '31 13:40:00', 2, 2, null, null, 50, null, 500, false],
      ['13', '30 21:00:00', 10, 10, null, null, 1, null, null, false],
    ]);
    const market =
      await ask(`select horse_id, best_price, implied_prob, devig_prob, price_rank::int, move, velocity_per_hour,
        last_hour_move, spread, volume, snapshots::int, price_age_minutes from market where race_id = '1.200' order by 1`);
    const [share, before] = [1 / 3.9, 1 / 4];
    // From 20:00:00 to 12:49:59 UTC. An hour before the decision the first price stood.
    const hours = 16 + 49 / 60 + 59 / 3600;
    expectClose(market, [
      [
        '11',
        3.9,
        share,
        share / (share + 0.5),
        2,
        share - before,
        (share - before) / hours,
        share - before,
        share - 1 / 4.2,
        100,
        3,
        1 / 60,
      ],
      ['12', 2, 0.5, 0.5 / (share + 0.5), 1, 0, 0, 0, null, 500, 2, 10],
      ['13', 10, 0.1, null, null, 0, null, 0, null, null, 1, 16 * 60 + 50],
    ]);
    // The summary has prices of the off only: too late for a decision.
    expect(
      await ask(
        `select count(*)::int, sum(volume), count(lay)::int from odds_snapshots where race_id = '1.100'`,
      ),
    ).toEqual([[4, 4000, 3]]);
    expect(
      await ask(`select distinct best_price, snapshots::int from market where race_id = '1.100'`),
    ).toEqual([[null, 0]]);
    await expectStates(database);
  },
  3 * MINUTES,
);

async function expectStates(database: string): Promise<void> {
  const states = await builtStates(database);
  expect(states.length).toBeGreaterThan(1000);
  expect(states).toEqual(sorted(statesOf(STREAM)));
}

function expectClose(
  actual: readonly (readonly unknown[])[],
  expected: readonly (readonly unknown[])[],
): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of row.entries()) {
      const found = actual[index]?.[column];
      if (typeof value === 'number')
        expect(found, `row ${index}, column ${column}`).toBeCloseTo(value, 11);
      else expect(found, `row ${index}, column ${column}`).toBe(value);
    }
  }
}

test(
  'recorded files: every test of the project passes, and the states are those read message by message',
  async ({ skip }) => {
    skip(
      !existsSync(BETFAIR),
      `${BETFAIR} is absent: the exchange's files are not in the repository`,
    );
    const { database, failed } = await racing(BETFAIR, '2017-06-14');
    // One of the streams is years older than the rest: the newest days are spread as no year was.
    const isDrift = (text: string) => text.includes('features_have_not_drifted');
    expect(failed.filter((text) => !isDrift(text))).toEqual([]);
    // 61,403 runners of the summary, counted by hand, and the 14 of the one horse race of the streams that is a win market.
    expect(
      await query(database, 'select count(*)::int, count(distinct race_id)::int from runs'),
    ).toEqual([[61_417, 6283]]);
    const recorded = await Promise.all(
      ['1.197931750.bz2', 'BASIC-1.132153978.gz', 'SELF-1.181223995.bz2'].map((name) =>
        messagesOf(join(BETFAIR, 'stream', name)),
      ),
    );
    expect(await builtStates(database)).toEqual(sorted(statesOf(recorded.flat())));
  },
  5 * MINUTES,
);

async function messagesOf(file: string): Promise<readonly Message[]> {
  const opened = new PassThrough();
  const [, lines] = await Promise.all([
    pipeline(createReadStream(file), file.endsWith('.gz') ? createGunzip() : unbzip2(), opened),
    text(opened),
  ]);
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Message);
}
