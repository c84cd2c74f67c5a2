/**
 * What a leaf adds to the contribution of each feature on its path, for one row. `zeros`: for each feature the share of the training rows
 * that would reach the leaf if only that feature's splits were not asked; `follows`: bit i is set where the row goes the leaf's way in
 * all splits of feature i. Written to `into`, a number for each feature.
 *
 * The Shapley value of feature f is value · (o_f − z_f) · Σ_k k!(d−1−k)!/d! · [t^k] Π_{j≠f} (z_j + o_j·t), with o 1 or 0
 * (Lundberg, Erion, Lee 2018, in the form of generating functions).
 */
export function leafContributions(
  value: number,
  zeros: readonly number[],
  follows: number,
  weights: Float64Array,
  into: Float64Array,
): void {
  const d = zeros.length;
  product[0] = 1;
  for (let j = 0; j < d; j += 1) multiply(j, zeros[j] as number, (follows >> j) & 1);
  for (let f = 0; f < d; f += 1) {
    const z = zeros[f] as number;
    const o = (follows >> f) & 1;
    into[f] = value * (o - z) * weighedQuotient(d, z, o, weights);
  }
}

/** More features than any path has that is looked at in this way. */
const MOST = 64;
/** Coefficients of the product, from that of t^0 on. */
const product = new Float64Array(MOST + 1);

function multiply(degree: number, z: number, o: number): void {
  product[degree + 1] = o * (product[degree] as number);
  for (let k = degree; k > 0; k -= 1) {
    product[k] = z * (product[k] as number) + o * (product[k - 1] as number);
  }
  product[0] = z * (product[0] as number);
}

/** The product without one of its factors, its coefficients weighed and added up. */
function weighedQuotient(d: number, z: number, o: number, weights: Float64Array): number {
  let sum = 0;
  if (o === 0) {
    for (let k = 0; k < d; k += 1) sum += (product[k] as number) * (weights[k] as number);
    return sum / z;
  }
  let coefficient = 0;
  // From the highest power down: no rounding grows, since z is at most 1.
  for (let k = d - 1; k >= 0; k -= 1) {
    coefficient = (product[k + 1] as number) - z * coefficient;
    sum += coefficient * (weights[k] as number);
  }
  return sum;
}

const kept: Float64Array[] = [];

/** k!(d−1−k)!/d! for each k below d. */
export function shapleyWeights(d: number): Float64Array {
  const found = kept[d];
  if (found) return found;
  const weights = new Float64Array(d);
  kept[d] = weights;
  // 1/d for k = 0, then each from the one before.
  for (let k = 0; k < d; k += 1) {
    weights[k] = k === 0 ? 1 / d : ((weights[k - 1] as number) * k) / (d - k);
  }
  return weights;
}
