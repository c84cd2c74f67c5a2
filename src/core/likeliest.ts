/** For each row the place of the largest of its `outputs` numbers, the first of equals; `p`: row after row. */
export function likeliest(p: Float64Array, outputs: number): Int32Array {
  const places = new Int32Array(p.length / outputs);
  for (let row = 0; row < places.length; row += 1) {
    let best = 0;
    for (let one = 1; one < outputs; one += 1) {
      if ((p[row * outputs + one] as number) > (p[row * outputs + best] as number)) best = one;
    }
    places[row] = best;
  }
  return places;
}
