import { performance } from 'node:perf_hooks';
import { fitCalibration } from '../../../src/calibration/fit-calibration.ts';
import { seededRandom } from '../../../src/core/random.ts';
import { groupRows } from '../../../src/core/row-groups.ts';
import { evaluate } from '../../../src/metrics/evaluate.ts';
import { metrics as registry } from '../../../src/metrics/index.ts';
import { judgedRows } from '../../../src/metrics/judged-rows.ts';
import type { Metric } from '../../../src/metrics/metric.ts';
import { HENERY, placeProbabilitiesWithin } from '../../../src/pricing/place-probabilities.ts';
import { backtest } from '../../../src/settlement/backtest.ts';
import type { Candidate } from '../../../src/settlement/bet.ts';
import type { Group } from '../bench.ts';
import { median } from '../median.ts';
import type { Row, Target } from '../row.ts';

const RUNS = 3;
const ROWS = 100_000;
const FIELD = 10;
const RACES_A_DAY = 20;
const DRAWS = 1000;
const ISOTONIC_ROWS = 1_000_000;
const DAY_MS = 86_400_000;

/** Metrics, calibration, pricing and settlement on made-up races, in one warm process. */
export const metrics: Group = {
  name: 'metrics',
  about: `Machine learning's arithmetic in one warm process: ${ROWS.toLocaleString('en')} rows in races of ${FIELD}, ${RACES_A_DAY} races a day, intervals of ${DRAWS.toLocaleString('en')} draws of days.`,
  measure: async (_folder, tell) => {
    tell(`${RUNS} runs of each row`);
    const made = races();
    const rows = judgedRows(made);
    const judge = (chosen: readonly Metric[]) => () =>
      evaluate(new Map([['model', made.p]]), rows, { seed: 1, draws: DRAWS, chosen });
    const [million, y] = scores();
    return [
      timed('within-race AUC and its interval', judge([registry.get('within_race_auc')]), {
        atMostMs: 2000,
      }),
      timed('AUC over all rows and its interval', judge([registry.get('auc')]), { atMostMs: 5000 }),
      timed(
        'all metrics and their intervals',
        judge(registry.all().filter(({ target }) => target === 'binary')),
        { atMostMs: 10_000 },
      ),
      timed('isotonic regression of 1,000,000 rows', () =>
        fitCalibration('isotonic', { p: million, y, day: new Int32Array(ISOTONIC_ROWS) }),
      ),
      timed('place probabilities, 3 places, Henery', () =>
        placeProbabilitiesWithin(
          made.p,
          groupRows(made.race),
          new Float64Array(ROWS).fill(3),
          HENERY,
        ),
      ),
      timed('backtest, Kelly, compound bank', () =>
        backtest(candidates(made), {
          bank: 1000,
          bankroll: 'compound',
          staking: { method: 'kelly', maxStake: 0.01 },
          commission: 0.02,
        }),
      ),
    ];
  },
};

/** The first run warms up and is not counted. */
function timed(name: string, task: () => unknown, target?: Target): Row {
  const runs = Array.from({ length: RUNS + 1 }, () => {
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
    task();
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  }).slice(1);
  return {
    name,
    runs: RUNS,
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
    ...(target && { target }),
  };
}

/** Races whose winner is drawn by the probabilities given. */
function races() {
  const random = seededRandom(7);
  const p = new Float64Array(ROWS);
  const y = new Uint8Array(ROWS);
  for (let start = 0; start < ROWS; start += FIELD) {
    const strengths = Array.from({ length: FIELD }, () => random() ** 2 + 0.02);
    const total = strengths.reduce((sum, strength) => sum + strength, 0);
    let left = random() * total;
    const winner = strengths.findIndex((strength) => {
      left -= strength;
      return left < 0;
    });
    for (const [i, strength] of strengths.entries()) p[start + i] = strength / total;
    y[start + Math.max(0, winner)] = 1;
  }
  const race = Int32Array.from(p, (_, row) => Math.floor(row / FIELD));
  return { p, y, race, day: race.map((one) => 20_000 + Math.floor(one / RACES_A_DAY)) };
}

function scores(): [Float64Array, Uint8Array] {
  const random = seededRandom(8);
  const p = Float64Array.from({ length: ISOTONIC_ROWS }, () => random() ** 2);
  return [p, Uint8Array.from(p, (value) => (random() < value ? 1 : 0))];
}

function candidates({ p, y, race, day }: ReturnType<typeof races>): Candidate[] {
  const random = seededRandom(9);
  return Array.from(p, (own, row) => {
    const off = (day[row] as number) * DAY_MS + ((race[row] as number) % RACES_A_DAY) * 1_800_000;
    const won = y[row] === 1;
    return {
      betId: String(row),
      raceId: String(race[row]),
      day: day[row] as number,
      decisionMs: off - 600_000,
      settledMs: off + 600_000,
      side: 'back',
      p: own,
      odds: (0.8 + 0.3 * random()) / own,
      result: { runner: true, position: won ? 1 : 2, tied: 1, rule4: 0 },
    };
  });
}
