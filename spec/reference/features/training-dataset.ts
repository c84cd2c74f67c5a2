import { mean, round9 } from '../formulas.ts';
import { groupBy } from '../group-by.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { classProfile } from './class-profile.ts';
import { connections } from './connections.ts';
import { courseGoingBias } from './course-going-bias.ts';
import { drawBias } from './draw-bias.ts';
import { type FeatureTable, joinKey, rowsOnce } from './history.ts';
import { horseElo } from './horse-elo.ts';
import { horseForm } from './horse-form.ts';
import { horsePreferences } from './horse-preferences.ts';
import { horseSectionals } from './horse-sectionals.ts';
import { horseSuitability } from './horse-suitability.ts';
import { trainerJockeyCombo } from './trainer-jockey-combo.ts';
import { jockeyVelocity, trainerVelocity } from './velocity.ts';

const LONG_ABSENCE_DAYS = 180;
const LOW_SAMPLE_RUNS = 3;

/** Every starter: the card, the columns of all tables, those relative to the field, the flags and the labels. */
export function trainingDataset(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const lookUp = features(history, spine, asOf);
  const carried = carriedColumns(history, spine, asOf);
  const rows: Row[] = [];
  const starters = spine.filter((run) => run.is_starter);
  for (const race of groupBy(starters, (run) => run.race_id).values()) {
    const runners = race.map(lookUp);
    race.forEach((run, index) => {
      const own = runners[index];
      if (!own) return;
      rows.push({
        ...cardColumns(run),
        ...carried(run),
        as_of_date: asOf,
        field_size: run.starters,
        draw_share: run.draw === null ? null : run.draw / run.starters,
        ...relativeColumns(
          own.numbers,
          runners.map((runner) => runner.numbers),
        ),
        ...own.flags,
        won: run.won,
        placed: run.placed,
        value: run.has_result ? run.value : null,
      });
    });
  }
  return rows;
}

function cardColumns(run: Run): Row {
  const { race_id, horse_id, race_date, course, race_no, distance_m, distance_band } = run;
  const { surface, going, going_group, is_handicap, jockey_id, trainer_id, draw, stall_third } =
    run;
  const { weight_lbs, rating, starters, places_paid } = run;
  return {
    ...{ race_id, horse_id, race_date, course, race_no, distance_m, distance_band },
    ...{ surface, going, going_group, is_handicap, jockey_id, trainer_id, draw, stall_third },
    ...{ weight_lbs, rating, starters, places_paid },
  };
}

/** A table the dataset carries: the columns that lead to its row, and their names in the dataset. */
interface Carried {
  readonly table: FeatureTable;
  readonly key: readonly (keyof Run)[];
  readonly rename?: (column: string) => string;
}

const AS_COMBO = (column: string) => (column === 'combo_sr' ? column : `combo_${column}`);
const AS_DRAW = (column: string) => (column.startsWith('draw_') ? column : `draw_${column}`);

const CARRIED: readonly Carried[] = [
  { table: trainerVelocity, key: ['trainer_id'], rename: (column) => `trainer_${column}` },
  { table: jockeyVelocity, key: ['jockey_id'], rename: (column) => `jockey_${column}` },
  { table: trainerJockeyCombo, key: ['trainer_id', 'jockey_id'], rename: AS_COMBO },
  { table: horseForm, key: ['horse_id'] },
  { table: horseElo, key: ['horse_id'] },
  { table: horseSectionals, key: ['horse_id'] },
  { table: horsePreferences, key: ['race_id', 'horse_id'] },
  { table: horseSuitability, key: ['race_id', 'horse_id'] },
  { table: connections, key: ['race_id', 'horse_id'] },
  { table: classProfile, key: ['race_id', 'horse_id'] },
  { table: drawBias, key: ['course', 'distance_band', 'going_group'], rename: AS_DRAW },
  { table: biasesOfPlaces, key: ['course', 'going_group'] },
];

/** Four measures of each attribute beside each other, one row for a course and going group. */
function biasesOfPlaces(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const rows = new Map<string | null, Record<string, Value>>();
  for (const bias of rowsOnce(courseGoingBias, history, spine, asOf)) {
    const { course = null, going_group = null, attribute } = bias;
    const key = joinKey(String(course), String(going_group));
    const row = rows.get(key) ?? { course, going_group };
    for (const measure of ['win_iv_365d', 'z_365d', 'win_iv_1095d', 'z_1095d']) {
      row[`bias_${attribute}_${measure}`] = bias[measure] ?? null;
    }
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** What the tables say of a runner; NULL in the columns of a table that has no row for it. */
function carriedColumns(
  history: readonly Run[],
  spine: readonly Run[],
  asOf: Day,
): (run: Run) => Row {
  const tables = CARRIED.map(({ table, key, rename = (column) => column }) => {
    const rows = rowsOnce(table, history, spine, asOf);
    const isKey = (column: string) => column === 'as_of_date' || key.includes(column as keyof Run);
    const columns = Object.keys(rows[0] ?? {}).filter((column) => !isKey(column));
    return { columns, key, rename, find: index(rows, key) };
  });
  return (run) => {
    const carried: Record<string, Value> = {};
    for (const { columns, key, rename, find } of tables) {
      const row = find(...key.map((column) => run[column] as string | null));
      for (const column of columns) carried[rename(column)] = row?.[column] ?? null;
    }
    return carried;
  };
}

interface Runner {
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly flags: Readonly<Record<string, boolean>>;
}

function features(history: readonly Run[], spine: readonly Run[], asOf: Day): (run: Run) => Runner {
  const rowsOf = (table: FeatureTable) => rowsOnce(table, history, spine, asOf);
  const trainers = index(rowsOf(trainerVelocity), ['trainer_id']);
  const jockeys = index(rowsOf(jockeyVelocity), ['jockey_id']);
  const forms = index(rowsOf(horseForm), ['horse_id']);
  const elos = index(rowsOf(horseElo), ['horse_id']);
  const preferences = index(rowsOf(horsePreferences), ['race_id', 'horse_id']);
  const pairs = index(rowsOf(connections), ['race_id', 'horse_id']);
  return (run) => {
    const form = forms(run.horse_id);
    const lastRunDays = numberIn(form, 'last_run_days');
    const careerRuns = numberIn(form, 'career_runs');
    const together = numberIn(pairs(run.race_id, run.horse_id), 'jockey_horse_runs');
    return {
      numbers: {
        elo: numberIn(elos(run.horse_id), 'elo'),
        trainer_sr_90d: numberIn(trainers(run.trainer_id), 'sr_90d'),
        jockey_sr_90d: numberIn(jockeys(run.jockey_id), 'sr_90d'),
        form_ewma: numberIn(form, 'form_ewma'),
        career_sr: numberIn(preferences(run.race_id, run.horse_id), 'career_sr'),
        weight: run.weight_lbs,
        rating: run.rating,
      },
      flags: {
        is_debutant: careerRuns === 0,
        is_first_time_jockey: together === 0,
        is_long_absence: lastRunDays !== null && lastRunDays > LONG_ABSENCE_DAYS,
        is_low_sample: careerRuns !== null && careerRuns < LOW_SAMPLE_RUNS,
      },
    };
  };
}

function index(rows: readonly Row[], columns: readonly string[]) {
  const byKey = new Map<string | null, Row>();
  for (const row of rows) byKey.set(joinKey(...columns.map((column) => String(row[column]))), row);
  return (...key: readonly (string | null)[]) => byKey.get(joinKey(...key));
}

function numberIn(row: Row | undefined, column: string): number | null {
  const value: Value = row?.[column] ?? null;
  return typeof value === 'number' ? value : null;
}

function relativeColumns(
  own: Runner['numbers'],
  field: readonly Runner['numbers'][],
): Readonly<Record<string, number | null>> {
  const columns: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(own)) {
    const values: number[] = [];
    for (const runner of field) {
      const other = runner[name] ?? null;
      if (other !== null) values.push(other);
    }
    columns[`${name}_pct`] = value === null ? null : percentRank(value, values);
    columns[`${name}_diff`] = value === null ? null : value - (mean(values) ?? 0);
  }
  return columns;
}

/** Share of the other runners strictly below; 0 when alone. */
function percentRank(value: number, values: readonly number[]): number {
  if (values.length === 1) return 0;
  const below = values.filter((other) => round9(other) < round9(value)).length;
  return below / (values.length - 1);
}
