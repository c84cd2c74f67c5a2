import { groupBy } from './group-by.ts';
import type { Day, Entry } from './run.ts';

/** The columns of the Hong Kong file that racing-mapping.md uses. */
export interface HkRow {
  readonly race_id: string;
  readonly race_date: Day;
  readonly venue: string;
  readonly race_no: number;
  readonly distance_m: number | null;
  readonly surface: string | null;
  readonly going: string | null;
  readonly race_name_zh: string | null;
  readonly race_class_zh: string | null;
  readonly prize_hkd: number | null;
  readonly horse_code: string;
  readonly jockey_zh: string | null;
  readonly trainer_zh: string | null;
  readonly draw: number | null;
  readonly actual_wt_lbs: number | null;
  readonly horse_rating: number | null;
  readonly place_raw: string;
  readonly win_odds: number | null;
  readonly finish_time_s: number | null;
  /** Position and seconds of sections 1 … 6, in order. */
  readonly section_pos: readonly (number | null)[];
  readonly section_s: readonly (number | null)[];
}

const STATUS: Readonly<Record<string, string>> = {
  WV: 'withdrawn',
  'WV-A': 'withdrawn',
  WX: 'withdrawn',
  'WX-A': 'withdrawn',
  WXNR: 'withdrawn',
  PU: 'PU',
  UR: 'UR',
  FE: 'FE',
  DNF: 'DNF',
  TNP: 'TNP',
  DISQ: 'DSQ',
};

const CLASS_RATING: readonly (readonly [prefix: string, rating: number])[] = [
  ['第一班', 50],
  ['第二班', 45],
  ['第三班', 40],
  ['第四班', 35],
  ['第五班', 30],
  ['香港三級賽', 80],
];

const TURF_GROUP: Readonly<Record<string, string>> = {
  'GOOD TO FIRM': 'firm',
  GOOD: 'good',
  'GOOD TO YIELDING': 'good',
  YIELDING: 'soft',
  'YIELDING TO SOFT': 'soft',
  SOFT: 'soft',
  HEAVY: 'heavy',
};

const SECTION_TIME_SENTINEL_S = 99.99;
const GRIFFIN_PRIZE_BELOW = 2_400_000;
const GROUP_PRIZE_FROM = 8_000_000;

/** Entries from the raw Hong Kong rows; an unknown finish code or class throws. */
export function hkEntries(rows: readonly HkRow[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const race of groupBy(rows, (row) => row.race_id).values()) {
    const facts = hkRaceFacts(race);
    for (const row of race) entries.push(hkEntry(row, facts));
  }
  return entries;
}

type RaceFacts = Pick<
  Entry,
  'distance_m' | 'surface' | 'going' | 'going_group' | 'class_raw' | 'class_rating' | 'n_sections'
>;

function hkRaceFacts(race: readonly HkRow[]): RaceFacts {
  const surface = mostFrequent(race.map((row) => row.surface));
  const going = mostFrequent(race.map((row) => row.going))?.toUpperCase() ?? null;
  const classRaw = mostFrequent(race.map((row) => row.race_class_zh));
  return {
    distance_m: mostFrequent(race.map((row) => row.distance_m)),
    surface,
    going,
    going_group: hkGoingGroup(surface, going),
    class_raw: classRaw,
    class_rating: hkClassRating(
      classRaw,
      mostFrequent(race.map((row) => row.race_name_zh)),
      mostFrequent(race.map((row) => row.prize_hkd)),
    ),
    n_sections: countSections(race),
  };
}

/** The value most rows of the race carry; of equally frequent ones the smallest. */
export function mostFrequent<T extends string | number>(values: readonly (T | null)[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) {
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: T | null = null;
  let bestCount = 0;
  for (const [value, count] of counts) {
    const better = count > bestCount || (count === bestCount && best !== null && value < best);
    if (!better) continue;
    best = value;
    bestCount = count;
  }
  return best;
}

function hkGoingGroup(surface: string | null, going: string | null): string {
  if (surface === 'AWT') return 'all_weather';
  return TURF_GROUP[going ?? ''] ?? 'unknown';
}

function hkClassRating(classRaw: string | null, name: string | null, prize: number | null): number {
  if (classRaw !== null) {
    const match = CLASS_RATING.find(([prefix]) => classRaw.startsWith(prefix));
    if (!match) throw new Error(`unknown class ${classRaw}`);
    return match[1];
  }
  const isCheap = prize !== null && prize < GRIFFIN_PRIZE_BELOW;
  if (name?.includes('平磅') || isCheap) return 20;
  return prize !== null && prize >= GROUP_PRIZE_FROM ? 100 : 85;
}

function countSections(race: readonly HkRow[]): number | null {
  let highest = 0;
  for (const row of race) {
    row.section_pos.forEach((position, index) => {
      if (position !== null) highest = Math.max(highest, index + 1);
    });
  }
  return highest === 0 ? null : highest;
}

function hkEntry(row: HkRow, facts: RaceFacts): Entry {
  return {
    race_id: row.race_id,
    race_date: row.race_date,
    course: row.venue,
    race_no: row.race_no,
    ...facts,
    race_name: row.race_name_zh,
    is_handicap: row.race_name_zh?.includes('讓賽') ?? false,
    horse_id: row.horse_code,
    jockey_id: row.jockey_zh,
    trainer_id: row.trainer_zh,
    draw: row.draw,
    weight_lbs: row.actual_wt_lbs,
    rating: row.horse_rating,
    pos_raw: row.place_raw,
    status: hkStatus(row.place_raw),
    pos_num: leadingNumber(row.place_raw),
    odds: row.win_odds,
    finish_time_s: row.finish_time_s,
    ...hkSections(row, facts.n_sections),
  };
}

function hkStatus(code: string): string {
  if (/^\d/.test(code)) return 'finished';
  const status = STATUS[code];
  if (status === undefined) throw new Error(`unknown finish code ${code}`);
  return status;
}

/** The official position: leading digits of the text, NULL when there are none. */
export function leadingNumber(text: string): number | null {
  const digits = /^\d+/.exec(text);
  return digits ? Number(digits[0]) : null;
}

function hkSections(row: HkRow, sections: number | null) {
  const last = sections ?? 0;
  const middle = Math.floor((last + 1) / 2);
  const positionAt = (section: number) => row.section_pos[section - 1] ?? null;
  const timeOf = (section: number) => {
    const time = row.section_s[section - 1] ?? null;
    return time !== null && time >= SECTION_TIME_SENTINEL_S ? null : time;
  };
  return {
    early_pos: positionAt(1),
    mid_pos: positionAt(middle),
    late_pos: positionAt(last - 1),
    early_time_s: timeOf(1),
    mid_time_s: timeOf(middle),
    finish_section_time_s: timeOf(last),
  };
}
