/**
 * The q-quantile of ascending numbers, 0 ≤ q ≤ 1, between neighbours in proportion: numpy's `quantile`, type 7 of
 * Hyndman & Fan 1996. NaN of none.
 */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const place = q * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? Number.NaN;
  const above = ascending[Math.ceil(place)] ?? Number.NaN;
  // Equal ends are returned as they are, infinities too.
  return above === below ? below : below + (above - below) * (place - Math.floor(place));
}
