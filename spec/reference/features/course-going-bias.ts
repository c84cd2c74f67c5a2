import { impactValue, round9, tally, winZ } from '../formulas.ts';
import type { Day, Row, Run, Value } from '../run.ts';
import { inWindow, joinKey, runsBy } from './history.ts';

const WINDOW_DAYS = [365, 1095] as const;
const PERSISTENT_Z = 1.5;

const ATTRIBUTES: readonly (readonly [name: string, has: (run: Run) => boolean])[] = [
  ['low_draw', (run) => run.stall_third === 'low'],
  ['high_draw', (run) => run.stall_third === 'high'],
  ['favourite', (run) => run.is_favourite],
  ['front_runner', (run) => run.early_pos !== null && 5 * run.early_pos <= run.starters],
];

export function courseGoingBias(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const placeOf = (run: Run) => joinKey(run.course, run.going_group);
  const runsOf = runsBy(history, 'course_going', placeOf);
  const seen = new Set<string>();
  const rows: Row[] = [];
  for (const run of spine) {
    const key = placeOf(run);
    if (key === null || seen.has(key)) continue;
    seen.add(key);
    for (const [attribute, has] of ATTRIBUTES) {
      const row: Record<string, Value> = {
        course: run.course,
        going_group: run.going_group,
        attribute,
        as_of_date: asOf,
      };
      for (const days of WINDOW_DAYS) {
        Object.assign(row, biasColumns(inWindow(runsOf.get(key), asOf, days).filter(has), days));
      }
      rows.push(row);
    }
  }
  return rows;
}

function biasColumns(runs: readonly Run[], days: number): Row {
  const counts = tally(runs);
  const z = winZ(counts);
  return {
    [`win_iv_${days}d`]: impactValue(counts.wins, counts.sumE0),
    [`place_iv_${days}d`]: impactValue(counts.places, counts.sumE0Place),
    [`z_${days}d`]: z,
    [`sample_size_${days}d`]: counts.runs,
    [`persistence_flag_${days}d`]: z !== null && Math.abs(round9(z)) > PERSISTENT_Z,
  };
}
