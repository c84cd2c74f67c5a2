import { mean, round9 } from '../formulas.ts';
import { groupBy } from '../group-by.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { connections } from './connections.ts';
import { joinKey } from './history.ts';
import { horseElo } from './horse-elo.ts';
import { horseForm } from './horse-form.ts';
import { horsePreferences } from './horse-preferences.ts';
import { jockeyVelocity, trainerVelocity } from './velocity.ts';

const LONG_ABSENCE_DAYS = 180;
const LOW_SAMPLE_RUNS = 3;

/** The dataset's own columns: those relative to the field, the flags and the labels. */
export function trainingDataset(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const lookUp = features(history, spine, asOf);
  const rows: Row[] = [];
  const starters = spine.filter((run) => run.is_starter);
  for (const race of groupBy(starters, (run) => run.race_id).values()) {
    const runners = race.map(lookUp);
    race.forEach((run, index) => {
      const own = runners[index];
      if (!own) return;
      rows.push({
        race_id: run.race_id,
        horse_id: run.horse_id,
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

interface Runner {
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly flags: Readonly<Record<string, boolean>>;
}

function features(history: readonly Run[], spine: readonly Run[], asOf: Day): (run: Run) => Runner {
  const trainers = index(trainerVelocity(history, spine, asOf), ['trainer_id']);
  const jockeys = index(jockeyVelocity(history, spine, asOf), ['jockey_id']);
  const forms = index(horseForm(history, spine, asOf), ['horse_id']);
  const elos = index(horseElo(history, spine, asOf), ['horse_id']);
  const preferences = index(horsePreferences(history, spine, asOf), ['race_id', 'horse_id']);
  const pairs = index(connections(history, spine, asOf), ['race_id', 'horse_id']);
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
