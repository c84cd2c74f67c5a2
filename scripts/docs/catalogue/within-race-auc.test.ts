import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../simulate/random.ts';
import { rowsOf } from './rows-of.ts';
import { makeField, makeRanks, makeWinners, withinRaceAucs } from './within-race-auc.ts';

interface Runner {
  readonly race: number;
  readonly horse: number;
  readonly won: number;
  readonly speed: number | null;
  readonly grade: number;
}

/** 40 races of 1 to 8: ties, missing values, dead heats, races in which all win or nobody has a value. */
const runners: readonly Runner[] = Array.from({ length: 40 }, (_, race) => {
  const random = createRandom(7, race);
  return Array.from({ length: random.integer(1, 8) }, (__, horse) => ({
    race,
    horse,
    won: horse === 0 || random.chance(0.1) ? 1 : 0,
    speed: race === 3 || random.chance(0.2) ? null : random.integer(1, 4) / 3,
    grade: race,
  }));
}).flat();

/** Every pair of every race, counted one by one. */
function byLoop(value: (runner: Runner) => number | null) {
  const aucs: number[] = [];
  for (let race = 0; race < 40; race += 1) {
    const scores = scoresOf(
      runners.filter((runner) => runner.race === race),
      value,
    );
    if (scores.length > 0) aucs.push(mean(scores));
  }
  const centre = mean(aucs);
  const squares = aucs.map((auc) => (auc - centre) ** 2);
  const variance = squares.reduce((sum, square) => sum + square, 0) / (aucs.length - 1);
  return { races: aucs.length, auc: centre, standardError: Math.sqrt(variance / aucs.length) };
}

function scoresOf(race: readonly Runner[], value: (runner: Runner) => number | null): number[] {
  const scores: number[] = [];
  const field = race.filter((runner) => value(runner) !== null);
  for (const winner of field.filter(({ won }) => won === 1)) {
    for (const other of field.filter(({ won }) => won === 0)) {
      scores.push((Math.sign(Number(value(winner)) - Number(value(other))) + 1) / 2);
    }
  }
  return scores;
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('the within-race AUC', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = runners.map(
      ({ race, horse, won, speed, grade }) =>
        `('r${race}', 'h${race}-${horse}', ${won}, ${speed ?? 'null'}, ${grade})`,
    );
    await connection.run(`create table dataset as select * from
      (values ${rows.join(', ')}) as t(race_id, horse_id, won, speed, grade)`);
    await makeField(connection, 'dataset', ['race_id', 'horse_id']);
    await makeWinners(connection, 50, 1);
    await makeRanks(connection, 'dataset', ['race_id', 'horse_id'], ['speed', 'grade']);
  });

  it('is what counting the pairs one by one gives', async () => {
    const [grade, speed] = (await withinRaceAucs(connection)).filter(
      ({ shuffle }) => shuffle === 0,
    );
    const expected = byLoop((runner) => runner.speed);
    expect(speed).toMatchObject({ feature: 'speed', races: expected.races });
    expect(speed?.auc).toBeCloseTo(expected.auc, 12);
    expect(speed?.standardError).toBeCloseTo(expected.standardError, 12);
    expect(grade).toMatchObject({ feature: 'grade', auc: 0.5, telling: 0, standardError: 0 });
  });

  it('is 1 of a winner above two, 1/4 of a tie and a defeat, by hand', async () => {
    const other = await (await DuckDBInstance.create(':memory:')).connect();
    await other.run(`create table small as select * from (values
      ('a', 'x', 1, 9.0), ('a', 'y', 0, 2.0), ('a', 'z', 0, 1.0),
      ('b', 'x', 1, 2.0), ('b', 'y', 0, 2.0), ('b', 'z', 0, 3.0)) as t(race_id, horse_id, won, v)`);
    await makeField(other, 'small', ['race_id', 'horse_id']);
    await makeWinners(other, 0, 1);
    await makeRanks(other, 'small', ['race_id', 'horse_id'], ['v']);
    // Mean of 1 and 1/4; the two differ by 3/4, so the standard error is 3/8.
    const [found] = await withinRaceAucs(other);
    expect(found).toMatchObject({ feature: 'v', races: 2, telling: 2, auc: 0.625 });
    expect(found?.standardError).toBeCloseTo(0.375, 12);
  });

  it('shuffles keep the number of winners of each race, and every runner can win', async () => {
    const wrong = await rowsOf(
      connection,
      `select race, shuffle from (
         select race, shuffle, count(winners.runner) as drawn, any_value(winning) as winning
         from (select race, runner, sum(won) over (partition by race) as winning from field)
         join winners using (runner) group by race, shuffle
       ) where drawn <> winning`,
    );
    expect(wrong).toEqual([]);
    const [chosen] = await rowsOf(
      connection,
      `select count(distinct runner) from winners where shuffle > 0`,
    );
    expect(Number(chosen?.[0])).toBe(runners.length);
  });
});
