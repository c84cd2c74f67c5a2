/** A local calendar day, counted in days since 1970-01-01. */
export type Day = number;

export type Value = string | number | boolean | null;

/** One row of any table; DATE columns are `Day` numbers. */
export type Row = Readonly<Record<string, Value>>;

/** What every source states about one declared horse, before anything is derived. */
export interface Entry {
  readonly race_id: string;
  readonly race_date: Day;
  readonly course: string;
  readonly race_no: number;
  readonly distance_m: number | null;
  readonly surface: string | null;
  readonly going: string | null;
  readonly going_group: string;
  readonly race_name: string | null;
  readonly class_raw: string | null;
  readonly class_rating: number | null;
  readonly is_handicap: boolean;
  readonly horse_id: string;
  readonly jockey_id: string | null;
  readonly trainer_id: string | null;
  readonly draw: number | null;
  readonly weight_lbs: number | null;
  readonly rating: number | null;
  readonly pos_raw: string | null;
  /** `finished`, `withdrawn`, a non-finisher's code, or NULL before the race has a result. */
  readonly status: string | null;
  readonly pos_num: number | null;
  readonly odds: number | null;
  readonly finish_time_s: number | null;
  readonly n_sections: number | null;
  readonly early_pos: number | null;
  readonly mid_pos: number | null;
  readonly late_pos: number | null;
  /** Seconds spent in the first, middle and last section. */
  readonly early_time_s: number | null;
  readonly mid_time_s: number | null;
  readonly finish_section_time_s: number | null;
}

/** A row of the canonical `runs`, named as in racing-mapping.md. */
export interface Run extends Omit<Entry, 'early_time_s' | 'mid_time_s' | 'finish_section_time_s'> {
  readonly distance_band: string;
  readonly stall_third: string | null;
  readonly is_starter: boolean;
  readonly has_result: boolean;
  readonly starters: number;
  readonly winners: number;
  readonly won: number | null;
  readonly places_paid: number;
  readonly place_fraction: number | null;
  readonly placed: number | null;
  readonly finish_pct: number | null;
  readonly e0: number | null;
  readonly e0_place: number | null;
  readonly market_e: number | null;
  readonly is_favourite: boolean;
  readonly value: number | null;
  readonly sec_z_early: number | null;
  readonly sec_z_mid: number | null;
  readonly sec_z_finish: number | null;
}
