import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from './rows-of.ts';

/**
 * Mean over races of the share of (winner, other) pairs in which the winner has the higher value; ties
 * count half. Races weigh the same. Runners without a value, and races left without a pair, are out.
 */
export interface Auc {
  readonly feature: string;
  /** 0: by the results. */
  readonly shuffle: number;
  /** Races with a pair. */
  readonly races: number;
  /** Races with two different values: without any, the feature cannot tell runners apart. */
  readonly telling: number;
  readonly auc: number;
  /** Of the mean, races being independent. */
  readonly standardError: number;
}

/**
 * Makes the temporary table `field`: a number for each runner of each race of `dataset` with a result, the
 * columns named, and `won`. Runners are numbered by race and horse, so that every machine gives the same.
 */
export async function makeField(
  connection: DuckDBConnection,
  dataset: string,
  keys: readonly string[],
): Promise<void> {
  await connection.run(`create or replace temp table field as
    select row_number() over (order by race_id, horse_id) as runner,
      dense_rank() over (order by race_id) as race, won, ${keys.map(quote).join(', ')}
    from ${dataset} where won is not null`);
}

/**
 * Makes the temporary table `winners`: those of the results as `shuffle` 0, and for 1 … `shuffles` as many
 * runners of each race drawn by `seed`, as when its results are dealt out anew among its runners. `alone`: the
 * race has one winner.
 */
export async function makeWinners(
  connection: DuckDBConnection,
  shuffles: number,
  seed: number,
): Promise<void> {
  await connection.run(`create or replace temp table winners as
    with results as (
      select runner, race, won, sum(won) over (partition by race) as places from field
    )
    select 0 as shuffle, runner, places = 1 as alone from results where won = 1
    union all
    select shuffle, runner, places = 1 from (
      select s.shuffle, runner, places,
        row_number() over (
          partition by race, s.shuffle
          order by md5(concat_ws('/', ${seed}, s.shuffle, runner)), runner
        ) as place
      from results cross join range(1, ${shuffles} + 1) as s(shuffle)
    ) where place <= places`);
}

/**
 * Makes the temporary table `ranks` of one table: one row for each runner and feature with a value, with its
 * mean rank in the race. Values are compared to 9 decimals, as all of the project's ranks are.
 */
export async function makeRanks(
  connection: DuckDBConnection,
  table: string,
  keys: readonly string[],
  features: readonly string[],
): Promise<void> {
  const values = features.map(
    (name) => `round(cast(t.${quote(name)} as double), 9) as ${quote(name)}`,
  );
  await connection.run(`create or replace temp table ranks as
    with wide as (
      select runner, race, ${values.join(', ')}
      from field join ${table} as t using (${keys.map(quote).join(', ')})
    ),
    long as (unpivot wide on ${features.map(quote).join(', ')} into name feature value value)
    select feature, race, runner,
      rank() over sorted + (count(*) over (partition by feature, race, value) - 1) / 2.0 as mean_rank,
      count(*) over (partition by feature, race) as runners,
      min(value) over (partition by feature, race) < max(value) over (partition by feature, race) as telling
    from long window sorted as (partition by feature, race order by value)`);
}

/**
 * The AUC of every feature in `ranks` for every shuffle in `winners`, in one pass. The ranks of w winners
 * among n runners sum to w(w + 1)/2 more than the pairs they win: the Mann-Whitney statistic. Races with one
 * winner, nearly all, need no grouping: without that the shuffles would take minutes.
 */
export async function withinRaceAucs(connection: DuckDBConnection): Promise<readonly Auc[]> {
  const rows = await rowsOf(
    connection,
    `select feature, shuffle, count(*), count(*) filter (where telling), avg(auc),
       coalesce(stddev_samp(auc) / sqrt(count(*)), 0)
     from (
       select feature, shuffle, telling, (mean_rank - 1) / (runners - 1) as auc
       from ranks join winners using (runner)
       where alone and runners > 1
       union all
       select feature, shuffle, any_value(telling),
         (sum(mean_rank) - count(*) * (count(*) + 1) / 2.0)
           / (count(*) * (any_value(runners) - count(*)))
       from ranks join winners using (runner)
       where not alone
       group by feature, shuffle, race
       having any_value(runners) > count(*)
     )
     group by feature, shuffle order by feature, shuffle`,
  );
  return rows.map(([feature, shuffle, races, telling, auc, standardError]) => ({
    feature: String(feature),
    shuffle: Number(shuffle),
    races: Number(races),
    telling: Number(telling),
    auc: Number(auc),
    standardError: Number(standardError),
  }));
}

const quote = (name: string): string => `"${name}"`;
