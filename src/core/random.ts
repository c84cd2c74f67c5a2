const WEYL = 0x9e3779b9; // 2^32 divided by the golden ratio, odd

/** Numbers in [0, 1), the same for the same seed: a Weyl sequence through MurmurHash3's 32-bit finalizer. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + WEYL) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
