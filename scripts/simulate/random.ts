import { log } from './portable-math.ts';

/** A seeded stream of random numbers; two streams made from equal keys give equal numbers. */
export interface Random {
  /** In [0, 1), a multiple of 2^-32. */
  readonly uniform: () => number;
  /** A whole number in [from, to], both included. */
  readonly integer: (from: number, to: number) => number;
  readonly normal: (mean: number, deviation: number) => number;
  /** Gumbel noise: adding it to strengths makes win probabilities a softmax of strength/scale. */
  readonly gumbel: (scale: number) => number;
  /** Exponential waiting time with the given mean. */
  readonly wait: (mean: number) => number;
  readonly chance: (probability: number) => boolean;
}

/**
 * A xoshiro128** stream keyed by any number of integers, for example (seed, day, race). Separate
 * keys keep concerns apart: drawing more numbers for one race leaves every other race unchanged.
 */
export function createRandom(...keys: readonly number[]): Random {
  const uniform = createUniform(keys);
  const integer = (from: number, to: number) => from + Math.floor(uniform() * (to - from + 1));
  const wait = (mean: number) => -mean * log(1 - uniform());
  const gumbel = (scale: number) => -scale * log(-log((uniform() * 0xffffffff + 0.5) / 2 ** 32));
  const normal = (mean: number, deviation: number) => mean + deviation * standardNormal(uniform);
  const chance = (probability: number) => uniform() < probability;
  return { uniform, integer, normal, gumbel, wait, chance };
}

/** One of the items, each as likely as its weight. `items` must not be empty. */
export function pickWeighted<T>(
  random: Random,
  items: readonly T[],
  weight: (item: T) => number,
): T {
  let total = 0;
  for (const item of items) total += weight(item);
  let left = random.uniform() * total;
  for (const item of items) {
    left -= weight(item);
    if (left < 0) return item;
  }
  return last(items);
}

/** A new array in random order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    const swap = result[i] as T;
    result[i] = result[j] as T;
    result[j] = swap;
  }
  return result;
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function createUniform(keys: readonly number[]): () => number {
  const next = seedStates(keys);
  let [a, b, c, d] = [next(), next(), next(), next() | 1];
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return (result >>> 0) / 4294967296;
  };
}

/** Splitmix-like mixing of the keys into as many 32-bit words as asked for. */
function seedStates(keys: readonly number[]): () => number {
  let state = 0x243f6a88;
  for (const key of keys) state = mix((state ^ key) + 0x9e3779b9);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state);
  };
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** Marsaglia's polar method: needs only log and the exactly rounded square root. */
function standardNormal(uniform: () => number): number {
  for (;;) {
    const u = 2 * uniform() - 1;
    const v = 2 * uniform() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * log(s)) / s);
  }
}
