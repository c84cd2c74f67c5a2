import { seededRandom } from '../core/random.ts';

/**
 * `count` of the days, one from each of as many stretches of equal length, in order; equal seeds give equal days. The
 * first day knows nothing and after the last nothing is known, so others are taken where there are any.
 */
export function chooseDays(
  days: readonly number[],
  count: number,
  seed: number,
): readonly number[] {
  const inner = days.length > 2 ? days.slice(1, -1) : days;
  const wanted = Math.min(count, inner.length);
  const random = seededRandom(seed);
  return Array.from({ length: wanted }, (_, i) => {
    const [from, to] = [i, i + 1].map((stretch) =>
      Math.floor((stretch * inner.length) / wanted),
    ) as [number, number];
    return inner[from + Math.floor(random() * (to - from))] as number;
  });
}
