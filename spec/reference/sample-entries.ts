import { groupBy } from './group-by.ts';
import { leadingNumber } from './hk-entries.ts';
import type { Day, Entry } from './run.ts';

/** A row of `seeds/sample_races.csv`. */
export interface SampleRace {
  readonly race_id: string;
  readonly race_date: Day;
  readonly course: string;
  readonly race_no: number;
  readonly distance_m: number | null;
  readonly surface: string | null;
  readonly going: string | null;
  readonly race_name: string | null;
  readonly race_class: string | null;
  readonly class_rating: number | null;
  readonly is_handicap: boolean;
}

/** A row of `seeds/sample_runners.csv`, whose columns are named as the canonical ones. */
export interface SampleRunner
  extends Pick<
    Entry,
    | 'race_id'
    | 'horse_id'
    | 'jockey_id'
    | 'trainer_id'
    | 'draw'
    | 'weight_lbs'
    | 'rating'
    | 'odds'
    | 'finish_time_s'
    | 'n_sections'
    | 'early_pos'
    | 'mid_pos'
    | 'late_pos'
    | 'early_time_s'
    | 'mid_time_s'
    | 'finish_section_time_s'
  > {
  readonly position: string | null;
}

/** A row of `seeds/going_group.csv`. */
export interface GoingWord {
  readonly surface: string;
  readonly going: string;
  readonly going_group: string;
}

const NON_FINISHER = new Set('PU F UR BD RO RR SU CO DSQ REF LFT DNF TNP FE'.split(' '));

/** Entries of the simulated sample; a runner without a race and an unknown code throw. */
export function sampleEntries(
  races: readonly SampleRace[],
  runners: readonly SampleRunner[],
  goingWords: readonly GoingWord[],
): readonly Entry[] {
  const raceById = new Map(races.map((race) => [race.race_id, race]));
  const entries: Entry[] = [];
  for (const [raceId, field] of groupBy(runners, (runner) => runner.race_id)) {
    const race = raceById.get(raceId);
    if (!race) throw new Error(`sample_runners names the race ${raceId}, sample_races does not`);
    const { race_class, ...card } = race;
    const facts = {
      ...card,
      going: race.going?.toUpperCase() ?? null,
      going_group: goingGroup(race, goingWords),
      class_raw: race_class,
    };
    for (const { position, ...runner } of field) {
      const pos_num = position === null ? null : leadingNumber(position);
      const status = sampleStatus(position);
      entries.push({ ...facts, ...runner, pos_raw: position, status, pos_num });
    }
  }
  return entries;
}

function goingGroup(race: SampleRace, words: readonly GoingWord[]): string {
  const going = race.going?.toUpperCase();
  const word = words.find((row) => row.surface === race.surface && row.going === going);
  if (word) return word.going_group;
  return race.surface === 'AWT' ? 'all_weather' : 'unknown';
}

function sampleStatus(position: string | null): string {
  if (position === null) return 'declared';
  if (/^\d/.test(position)) return 'finished';
  if (position === 'WD') return 'withdrawn';
  if (NON_FINISHER.has(position)) return position;
  throw new Error(`unknown finish code ${position}`);
}
