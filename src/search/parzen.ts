/** A mixture of normal distributions cut to [0, 1]: one at each point, and a wide one, so that nothing is ruled out. */
export interface Parzen {
  readonly centres: Float64Array;
  readonly widths: Float64Array;
}

/**
 * The Parzen estimator of points in [0, 1] after Bergstra et al. 2011: each as wide as the way to its farther neighbour,
 * within 1/min(100, n + 1) and 1; the prior has its centre at ½ and width 1.
 */
export function parzenOf(points: readonly number[]): Parzen {
  const centres = Float64Array.of(...points, 0.5).sort();
  const least = 1 / Math.min(100, centres.length);
  const prior = centres.indexOf(0.5);
  const widths = centres.map((centre, i) => {
    if (i === prior) return 1;
    const before = centre - (centres[i - 1] ?? 0);
    const after = (centres[i + 1] ?? 1) - centre;
    return Math.min(1, Math.max(least, before, after));
  });
  return { centres, widths };
}

/** A draw from the mixture. */
export function drawFrom({ centres, widths }: Parzen, random: () => number): number {
  const kernel = Math.floor(random() * centres.length);
  for (;;) {
    const draw = (centres[kernel] as number) + (widths[kernel] as number) * normal(random);
    // At least a third of the draws: the centre is within and no kernel is wider than the range.
    if (draw >= 0 && draw <= 1) return draw;
  }
}

/** Box & Muller 1958. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The mixture's density at a point of [0, 1]. */
export function densityAt({ centres, widths }: Parzen, at: number): number {
  let density = 0;
  for (let i = 0; i < centres.length; i += 1) {
    const [centre, width] = [centres[i] as number, widths[i] as number];
    const z = (at - centre) / width;
    const inside = below((1 - centre) / width) - below(-centre / width);
    density += Math.exp((-z * z) / 2) / (width * Math.sqrt(2 * Math.PI) * inside);
  }
  return density / centres.length;
}

/** The normal distribution function to 1e−7: Abramowitz & Stegun 26.2.17. */
function below(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z > 0 ? 1 - tail : tail;
}
