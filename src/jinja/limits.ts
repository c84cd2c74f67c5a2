/** What one render may use. */
export interface Limits {
  /** Characters of output, everything captured on the way included. */
  readonly outputSize: number;
  /** Iterations of all loops together. */
  readonly iterations: number;
  /** Macro calls within macro calls. */
  readonly depth: number;
}

export const DEFAULT_LIMITS: Limits = {
  outputSize: 50_000_000,
  iterations: 10_000_000,
  depth: 400,
};
