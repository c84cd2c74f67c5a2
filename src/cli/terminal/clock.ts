/** Time as reporters see it, so that tests can set it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `work` every so many milliseconds until the returned function is called. */
  every(intervalMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(intervalMs, work) {
    const timer = setInterval(work, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
