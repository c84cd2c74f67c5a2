import { mean, populationSigma, round9 } from '../formulas.ts';
import type { Day, Row, Run } from '../run.ts';
import { before, entities, present, runsBy } from './history.ts';

const STYLES: readonly (readonly [limit: number, style: string])[] = [
  [0.2, 'leader'],
  [0.35, 'on_pace'],
  [0.55, 'midfield'],
  [0.75, 'off_pace'],
];

export function horseSectionals(history: readonly Run[], spine: readonly Run[], asOf: Day): Row[] {
  const runsOf = runsBy(history, 'horse_id', (run) => run.horse_id);
  return entities(spine, (run) => run.horse_id).map((horse) => {
    const career = before(runsOf.get(horse), asOf);
    return {
      horse_id: horse,
      as_of_date: asOf,
      sectional_runs: career.filter((run) => run.early_pos !== null).length,
      ...averages(career),
      ...kicks(career),
    };
  });
}

function averages(career: readonly Run[]) {
  const average = (read: (run: Run) => number | null) => mean(present(career.map(read)));
  const earlyShare = average((run) => ratio(run.early_pos, run.starters));
  return {
    early_pos_share_avg: earlyShare,
    mid_pos_share_avg: average((run) => ratio(run.mid_pos, run.starters)),
    late_pos_share_avg: average((run) => ratio(run.late_pos, run.starters)),
    gain_early_finish_avg: average((run) => difference(run.early_pos, run.pos_num)),
    gain_mid_finish_avg: average((run) => difference(run.mid_pos, run.pos_num)),
    sec_z_early_avg: average((run) => run.sec_z_early),
    sec_z_mid_avg: average((run) => run.sec_z_mid),
    sec_z_finish_avg: average((run) => run.sec_z_finish),
    running_style: runningStyle(earlyShare),
    break_bias: average((run) =>
      run.early_pos === null || run.starters === 1
        ? null
        : (run.early_pos - 1) / (run.starters - 1),
    ),
  };
}

function ratio(value: number | null, of: number): number | null {
  return value === null ? null : value / of;
}

function difference(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left - right;
}

function runningStyle(earlyShare: number | null): string {
  if (earlyShare === null) return 'unknown';
  return STYLES.find(([limit]) => round9(earlyShare) <= limit)?.[1] ?? 'closer';
}

/** Places gained from the late call to the post, over runs with both. */
function kicks(career: readonly Run[]) {
  const complete = career.filter((run) => run.late_pos !== null && run.pos_num !== null);
  const gains = present(complete.map((run) => difference(run.late_pos, run.pos_num)));
  const faders = gains.filter((gain) => gain <= -2).length;
  const closers = gains.filter((gain) => gain >= 3).length;
  const fronts = complete.filter((run) => run.late_pos !== null && run.late_pos <= 2).length;
  const rate = (count: number) => (gains.length > 0 ? count / gains.length : null);
  return {
    fader_count: faders,
    closer_count: closers,
    front_count: fronts,
    fader_rate: rate(faders),
    closer_rate: rate(closers),
    front_rate: rate(fronts),
    kick_consistency: gains.length >= 2 ? populationSigma(gains) : null,
  };
}
