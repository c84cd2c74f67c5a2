import { quantile } from '../core/quantile.ts';
import { seededRandom } from '../core/random.ts';
import { eachDayOnce, type Measure } from './metric.ts';

export interface BootstrapOptions {
  /** 1,000 unless said. */
  readonly draws?: number | undefined;
  readonly seed: number;
}

/** A number with its bootstrap draws; those of samples made together are of the same days, draw by draw. */
export interface Sample {
  readonly value: number;
  readonly draws: Float64Array;
}

/** A number and its percentile interval; both ends NaN when there is none. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const DRAWS = 1000;

/**
 * The measures over all days and over `draws` sets of as many days drawn with replacement (block bootstrap by day,
 * Efron 1979). All measures see the same days in a draw, so differences between them are paired. The same seed gives
 * the same draws.
 */
export function bootstrap(
  measures: readonly Measure[],
  dayCount: number,
  { draws = DRAWS, seed }: BootstrapOptions,
): Sample[] {
  const random = seededRandom(seed);
  const once = eachDayOnce(dayCount);
  const samples = measures.map((measure) => ({
    value: measure(once),
    draws: new Float64Array(draws),
  }));
  const times = new Int32Array(dayCount);
  for (let draw = 0; draw < draws; draw += 1) {
    drawDays(times, random);
    for (const [i, sample] of samples.entries()) {
      sample.draws[draw] = (measures[i] as Measure)(times);
    }
  }
  // One day drawn once is no variation: an interval of no width would be a lie.
  if (dayCount < 2) for (const sample of samples) sample.draws.fill(Number.NaN);
  return samples;
}

function drawDays(times: Int32Array, random: () => number): void {
  times.fill(0);
  for (let i = 0; i < times.length; i += 1) {
    const day = Math.floor(random() * times.length);
    times[day] = (times[day] as number) + 1;
  }
}

/** `a − b` draw by draw: the paired difference of two samples made together. */
export const pairedDifference = (a: Sample, b: Sample): Sample => ({
  value: a.value - b.value,
  draws: a.draws.map((value, draw) => value - (b.draws[draw] as number)),
});

/**
 * The value and the percentiles of its draws that hold the middle `level` (.95: 2.5 to 97.5 %). Draws without a value
 * (no winner among the days) are left out.
 */
export function estimate({ value, draws }: Sample, level = 0.95): Estimate {
  const ascending = draws.filter((draw) => !Number.isNaN(draw)).sort();
  const tail = (1 - level) / 2;
  return { value, lower: quantile(ascending, tail), upper: quantile(ascending, 1 - tail) };
}
