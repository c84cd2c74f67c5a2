import type { Emit, Phase } from '../core/events.ts';

/** Does `work` and tells how long it took, also when it throws. */
export async function timed<T>(
  phase: Phase,
  emit: Emit,
  work: () => T | Promise<T>,
): Promise<Awaited<T>> {
  const since = performance.now();
  try {
    return await work();
  } finally {
    emit({ type: 'phase-ended', phase, durationMs: performance.now() - since });
  }
}
