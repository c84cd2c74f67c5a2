/**
 * `exp` and `log` from the four operations that IEEE 754 fixes to the last bit. The language leaves
 * Math.exp and Math.log to the engine, and a simulation must give the same bytes on every machine.
 */
// Constants are the same everywhere; only the functions of Math are the engine's own.
const { LN2, SQRT2 } = Math;

/** POWERS[k + 1074] = 2^k, by repeated exact doubling and halving. */
const POWERS: readonly number[] = (() => {
  const up = [1];
  for (let k = 1; k <= 1023; k++) up.push((up[k - 1] ?? 1) * 2);
  const down = [1];
  for (let k = 1; k <= 1074; k++) down.push((down[k - 1] ?? 1) / 2);
  return [...down.slice(1).reverse(), ...up];
})();

const EXP_COEFFICIENTS: readonly number[] = (() => {
  const terms = [1];
  for (let k = 1; k <= 14; k++) terms.push((terms[k - 1] ?? 1) / k);
  return terms.reverse();
})();

/** e^x to about 1e-15 relative; 0 below -700 and e^700 above 700. */
export function exp(x: number): number {
  if (x < -700) return 0;
  const bounded = Math.min(x, 700);
  const k = Math.floor(bounded / LN2 + 0.5);
  const r = bounded - k * LN2;
  let sum = 0;
  for (const coefficient of EXP_COEFFICIENTS) sum = sum * r + coefficient;
  return sum * (POWERS[k + 1074] ?? 1);
}

/** Natural logarithm of a positive number to about 1e-15; NaN otherwise. */
export function log(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > SQRT2; exponent++) mantissa /= 2;
  for (; mantissa < SQRT2 / 2; exponent--) mantissa *= 2;
  const t = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let k = 25; k >= 1; k -= 2) sum = sum * t * t + 1 / k;
  return exponent * LN2 + 2 * t * sum;
}
