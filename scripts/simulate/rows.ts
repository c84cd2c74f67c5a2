/** What the card says of a race; every column is known before the off. */
export interface RaceRow {
  readonly race_id: string;
  readonly race_date: string;
  readonly off_at: string;
  readonly course: string;
  readonly race_no: number;
  readonly distance_m: number;
  readonly surface: 'TURF' | 'AWT';
  readonly going: string;
  readonly race_name: string;
  readonly race_class: string;
  readonly class_rating: number;
  readonly is_handicap: boolean;
  readonly prize: number;
}

/** One declared horse. null is written as an empty field; times in seconds, odds decimal. */
export interface RunnerRow {
  readonly race_id: string;
  readonly horse_id: string;
  readonly jockey_id: string | null;
  readonly trainer_id: string;
  readonly draw: number;
  readonly weight_lbs: number;
  readonly rating: number | null;
  readonly age: number;
  readonly sex: string;
  readonly position: string | null;
  readonly odds: string | null;
  readonly finish_time_s: string | null;
  readonly n_sections: number;
  readonly early_pos: number | null;
  readonly mid_pos: number | null;
  readonly late_pos: number | null;
  readonly early_time_s: string | null;
  readonly mid_time_s: string | null;
  readonly finish_section_time_s: string | null;
}

/** One horse's price at one moment of the market. */
export interface PriceRow {
  readonly race_id: string;
  readonly horse_id: string;
  readonly snapshot_at: string;
  readonly odds: string;
}

/** Everything that became known of one racing day. */
export interface DayRows {
  /** Day number since 1970-01-01. */
  readonly day: number;
  readonly races: readonly RaceRow[];
  readonly runners: readonly RunnerRow[];
  readonly prices: readonly PriceRow[];
}

type Columns<Row> = { readonly [Column in keyof Row]: string };

/** Column names in file order with their SQL types. */
export const RACE_COLUMNS: Columns<RaceRow> = {
  race_id: 'VARCHAR',
  race_date: 'DATE',
  off_at: 'TIMESTAMP',
  course: 'VARCHAR',
  race_no: 'INTEGER',
  distance_m: 'INTEGER',
  surface: 'VARCHAR',
  going: 'VARCHAR',
  race_name: 'VARCHAR',
  race_class: 'VARCHAR',
  class_rating: 'INTEGER',
  is_handicap: 'BOOLEAN',
  prize: 'INTEGER',
};

export const RUNNER_COLUMNS: Columns<RunnerRow> = {
  race_id: 'VARCHAR',
  horse_id: 'VARCHAR',
  jockey_id: 'VARCHAR',
  trainer_id: 'VARCHAR',
  draw: 'INTEGER',
  weight_lbs: 'DOUBLE',
  rating: 'INTEGER',
  age: 'INTEGER',
  sex: 'VARCHAR',
  position: 'VARCHAR',
  odds: 'DOUBLE',
  finish_time_s: 'DOUBLE',
  n_sections: 'INTEGER',
  early_pos: 'INTEGER',
  mid_pos: 'INTEGER',
  late_pos: 'INTEGER',
  early_time_s: 'DOUBLE',
  mid_time_s: 'DOUBLE',
  finish_section_time_s: 'DOUBLE',
};

export const PRICE_COLUMNS: Columns<PriceRow> = {
  race_id: 'VARCHAR',
  horse_id: 'VARCHAR',
  snapshot_at: 'TIMESTAMP',
  odds: 'DOUBLE',
};
