import type { Files } from '../velo.ts';

/** A small, fixed generator, so that every run has the same races. */
function randomInts(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const DAYS = 40;
const RACES_A_DAY = 3;
const RUNNERS = 6;
const HORSES = 30;

/** 40 days from 2024-01-01, three races a day of six runners; one runner in twelve does not finish. */
function meetings(): { races: string; runners: string } {
  const random = randomInts(20_240_101);
  const races: string[] = ['race_id,race_date,race_no'];
  const runners: string[] = ['race_id,horse_id,jockey_id,rating,position,odds,finish_time_s'];
  for (let day = 0; day < DAYS; day++) {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    for (let race = 1; race <= RACES_A_DAY; race++) {
      const id = `R${day + 1}-${race}`;
      races.push(`${id},${date},${race}`);
      const first = random(HORSES);
      for (let place = 1; place <= RUNNERS; place++) {
        const horse = `H${(first + place * 7) % HORSES}`;
        const finished = random(12) > 0;
        const result = finished
          ? `${place},${1.5 + random(40)},${(70 + place / 4).toFixed(2)}`
          : `,${1.5 + random(40)},`;
        runners.push(`${id},${horse},J${random(8)},${60 + random(30)},${result}`);
      }
    }
  }
  return { races: races.join('\n'), runners: runners.join('\n') };
}

const { races, runners } = meetings();

/** Races and results as seeds, one table of runs, and what is on the card. */
export const MEETING: Files = {
  'seeds/races.csv': `${races}\n`,
  'seeds/runners.csv': `${runners}\n`,
  'seeds/seeds.yml': `seeds:
  - name: races
    config: {event_time: race_date}
  - name: runners
    config:
      event_time_from: {to: "ref('races')", key: race_id}
    columns:
      - {name: position, outcome: true}
      - {name: odds, config: {outcome: true}}
      - {name: finish_time_s, meta: {outcome: true}}
`,
  'models/runs.sql': `{{ config(materialized='view', event_time='race_date') }}
select races.race_id, races.race_date, races.race_no, horse_id, jockey_id, rating,
  position, odds, finish_time_s, coalesce(cast(position = 1 as integer), 0) as won
from {{ ref('runners') }} as runners
join {{ ref('races') }} as races on races.race_id = runners.race_id
`,
  'models/spine.sql': `{{ config(materialized='view', event_time='race_date') }}
select race_id, race_date, race_no, horse_id, jockey_id, rating from {{ ref('runs') }}
`,
};

/** One row per (race, horse) of the card. */
export const perRunner = (body: string): string => `{{ config(
  materialized='incremental', incremental_strategy='as_of', as_of='as_of_date',
  begin='2024-01-01', unique_key=['race_id', 'horse_id', 'as_of_date']
) }}
${body}
`;
