import { query } from '../e2e/velo.ts';

type Value = string | number | boolean | null;
type Runner = Readonly<Record<string, Value>>;

/** The rows of the sample's last months with the columns of both datasets, and the rows of their race. */
export async function racesOf(database: string) {
  const [text] = await query(
    database,
    `select to_json(list({'d': ours, 'o': older})) from main.training_dataset as ours
     join main_compat.race_training_dataset as older
       on older.race_id = ours.race_id and older.horse_slug = ours.horse_id
     where ours.race_date >= date '2025-10-01'`,
  );
  const rows = JSON.parse(String(text?.[0])) as readonly {
    readonly d: Runner;
    readonly o: Runner;
  }[];
  const races = new Map<Value, Runner[]>();
  const runners = rows.map(({ d, o }) => ({ ...o, ...d }));
  for (const runner of runners) {
    const id = runner['race_id'] ?? null;
    races.set(id, [...(races.get(id) ?? []), runner]);
  }
  return runners.map((runner) => ({ runner, race: races.get(runner['race_id'] ?? null) ?? [] }));
}

const numberOf = (runner: Runner, name: string): number | null => {
  const value = runner[name];
  return value === null || value === undefined ? null : Number(value);
};

const product = (...factors: readonly (number | null)[]): number | null =>
  factors.reduce((all, one) => (all === null || one === null ? null : all * one), 1);

/** The columns only the rebuild worker had, counted from the rows of the runner's race in training_dataset. */
export function byHand(runner: Runner, race: readonly Runner[]): Runner {
  const of = (name: string) => numberOf(runner, name);
  const leaders = race.filter((other) => other['running_style'] === 'leader').length;
  const inFront = race.filter((other) =>
    ['leader', 'on_pace'].includes(String(other['running_style'])),
  );
  const careerRuns = of('career_runs') ?? 0;
  return {
    career_place_rate: careerRuns === 0 ? null : (of('career_places') ?? 0) / careerRuns,
    field_leaders: leaders,
    field_pace_pressure: inFront.length / race.length,
    is_lone_leader: leaders === 1 && runner['running_style'] === 'leader',
    ...bestFigures(runner, race),
    class_drop: product(of('class_change'), -1),
    ...stalls(runner),
    trainer_x_jockey_sr_90d: product(of('trainer_sr_90d'), of('jockey_sr_90d')),
    form_x_class_change: product(of('form_ewma'), of('class_change')),
    barrier_x_early_position: product(of('draw_share'), of('early_pos_share_avg')),
    weight_x_distance: product(of('weight_lbs'), of('distance_m'), 0.001),
    is_track_winner: (of('course_wins') ?? 0) > 0,
    is_distance_winner: (of('distance_wins') ?? 0) > 0,
    is_track_distance_winner: (of('course_distance_wins') ?? 0) > 0,
  };
}

function bestFigures(runner: Runner, race: readonly Runner[]) {
  const own = numberOf(runner, 'speed_best6');
  const all = race.map((other) => numberOf(other, 'speed_best6')).filter((best) => best !== null);
  const mean = all.reduce((sum, best) => sum + best, 0) / all.length;
  const below = all.filter((best) => own !== null && best < own - 1e-9).length;
  return {
    speed_figure_best6_percentile:
      own === null ? null : all.length === 1 ? 0 : below / (all.length - 1),
    speed_figure_best6_vs_field: own === null ? null : own - mean,
  };
}

function stalls(runner: Runner) {
  const draw = numberOf(runner, 'draw');
  const range = runner['draw_optimal_range'];
  const [from = 0, to = 0] = typeof range === 'string' ? range.split('-').map(Number) : [];
  const third = runner['stall_third'];
  return {
    draw_iv_own: third === null ? null : numberOf(runner, `draw_iv_${String(third)}`),
    is_in_optimal_range: draw !== null && from <= draw && draw <= to,
  };
}

/** Equal, numbers to 1e-9. */
export const alike = (expected: Value, actual: Value): boolean =>
  typeof expected === 'number' && actual !== null
    ? Math.abs(expected - Number(actual)) <= 1e-9 * Math.max(1, Math.abs(expected))
    : expected === actual;
