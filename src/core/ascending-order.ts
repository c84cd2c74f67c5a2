/** Row numbers from the lowest value to the highest; equal values stay in the order of their rows. No value is NaN. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  return order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
}
